import { asApiError, errorFrom } from './errors';
import type { Session, User } from './types';

/** The gateway's own routes: they deal in cookies, so they stand outside the API's contract. */
export const session = {
  read: (): Promise<Session> => call('GET', '/auth/session'),
  signIn: (account: { email: string; password: string }): Promise<{ user: User }> =>
    call('POST', '/auth/login', account),
  register: (account: {
    email: string;
    password: string;
    name?: string;
    invitation_code?: string;
  }): Promise<{ user: User }> => call('POST', '/auth/register', account),
  signOut: (): Promise<unknown> => call('POST', '/auth/logout'),
};

async function call<T>(method: string, path: string, content?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(content !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(content),
      }),
    });
  } catch (thrown) {
    throw asApiError(thrown);
  }
  if (!response.ok) throw await errorFrom(response);
  if (response.status === 204) return undefined as T;
  return ((await response.json()) as { data: T }).data;
}
