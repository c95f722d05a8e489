import createClient, { type Middleware } from 'openapi-fetch';
import { asApiError, errorFrom } from './errors';
import type { paths } from './schema';

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Runs the listener whenever the server no longer knows the session. Returns how to stop. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

type ChangeListener = (method: string, path: string) => void;
const changeListeners = new Set<ChangeListener>();

/** Tells the listener of every request that succeeded and was no GET. Returns how to stop. */
export function onChange(listener: ChangeListener): () => void {
  changeListeners.add(listener);
  return () => changeListeners.delete(listener);
}

const failures: Middleware = {
  async onResponse({ request, response }) {
    if (response.status === 401) signedOutListeners.forEach((listener) => listener());
    if (!response.ok) throw await errorFrom(response);
    if (request.method === 'GET') return;
    const { pathname } = new URL(request.url);
    changeListeners.forEach((listener) => listener(request.method, pathname));
  },
  onError({ error }) {
    return asApiError(error);
  },
};

/** The API as the gateway passes it through. Every failure is thrown as an `ApiError`. */
export const api = createClient<paths>({
  baseUrl: '/api',
  credentials: 'same-origin',
  // Looked up at each call, so that a test can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
});
api.use(failures);

/** The body of a success. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** The `data` of a success. */
export async function data<T>(answer: Promise<{ data?: { data: T } }>): Promise<T> {
  return (await body(answer)).data;
}
