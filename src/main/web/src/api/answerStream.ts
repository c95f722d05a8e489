import { EventSourceParserStream } from 'eventsource-parser/stream';
import { readAnswerEvent, type AnswerEvent } from './answerEvents';
import { ApiError, asApiError, errorFrom } from './errors';

/** How an answer is begun: by sending a message, or by joining one that grows already. */
export type Begin = { post: string; body: unknown; key: string } | { resume: string };

export interface StreamOptions {
  signal: AbortSignal;
  /** Silence after which a connection counts as dead; the server speaks at least every 15 s. */
  idleMs?: number;
  /** Breaks in a row, without one event between them, after which we give up. */
  maxBreaks?: number;
  /** First wait after a break; doubles up to 15 s. The server may set it with `retry:`. */
  firstRetryMs?: number;
  /** Nobody is looking: no connection is kept, and what was missed is fetched on return. */
  away?: Away;
  fetch?: typeof fetch;
}

/** A flag that can be watched. */
export interface Away {
  get(): boolean;
  subscribe(listener: () => void): () => void;
}

export type StreamEvent = AnswerEvent | { type: 'reconnecting' };

/** A question waits for the end of another answer in its conversation this long, below our own patience. */
const BUSY_WAIT_S = 20;

const LONGEST_WAIT_MS = 15_000;

const NEVER_AWAY: Away = { get: () => false, subscribe: () => () => {} };

/**
 * The events of one answer, across any number of broken connections, ending after `done`.
 *
 * The message is sent again only while no response to it has begun, and always with the same
 * idempotency key, so the server answers it once. After that every reconnect is a GET of the
 * address the server named, from the last event seen. Aborting only stops watching: the answer
 * goes on. A refusal is thrown as an {@link ApiError}.
 */
export async function* answerStream(
  begin: Begin,
  options: StreamOptions,
): AsyncGenerator<StreamEvent> {
  const { signal, idleMs = 30_000, maxBreaks = 8, fetch = globalThis.fetch } = options;
  const away = options.away ?? NEVER_AWAY;
  let resume = 'resume' in begin ? begin.resume : undefined;
  let lastId = '';
  let retryMs = options.firstRetryMs ?? 500;
  let breaks = 0;

  for (;;) {
    // A question goes out even when nobody looks; only its answer can be waited for later.
    if (resume !== undefined) await isBack(away, signal);
    const connection = new Connection(signal, idleMs);
    const leave = () => {
      if (away.get() && resume !== undefined) connection.leave();
    };
    const unsubscribe = away.subscribe(leave);
    let waitMs: number | undefined;
    try {
      const response = await connection.open(fetch, begin, resume, lastId);
      if (response.status === 204) return;
      resume = resumeAddress(response) ?? resume;
      leave();
      for await (const message of connection.messages(response, (ms) => (retryMs = ms))) {
        if (message.id !== undefined) lastId = message.id;
        const event = readAnswerEvent(message);
        if (event === undefined) continue;
        breaks = 0;
        if (event.type === 'meta') resume ??= `/messages/${event.assistant_message_id}/stream`;
        yield event;
        if (event.type === 'done') return;
        leave();
      }
    } catch (thrown) {
      signal.throwIfAborted();
      if (connection.left) continue;
      const error = asApiError(thrown);
      if (!worthRetrying(error)) throw error;
      if (breaks >= maxBreaks) throw error;
      waitMs = error.retryAfter === undefined ? undefined : error.retryAfter * 1000;
    } finally {
      unsubscribe();
      connection.close();
    }
    if (breaks++ >= maxBreaks) throw interrupted();
    yield { type: 'reconnecting' };
    const backoff = retryMs * 2 ** (breaks - 1) * (0.7 + Math.random() * 0.6);
    await sleep(waitMs ?? Math.min(LONGEST_WAIT_MS, backoff), signal);
  }
}

function isBack(away: Away, signal: AbortSignal): Promise<void> {
  if (!away.get()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop);
      unsubscribe();
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    const unsubscribe = away.subscribe(() => !away.get() && end(resolve));
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** One HTTP response being read, cut off after too long a silence. */
class Connection {
  /** It was given up because nobody looked. */
  left = false;
  private readonly controller = new AbortController();
  private readonly forward = () => this.controller.abort(this.outer.reason);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly outer: AbortSignal;
  private readonly idleMs: number;

  constructor(outer: AbortSignal, idleMs: number) {
    this.outer = outer;
    this.idleMs = idleMs;
    outer.throwIfAborted();
    outer.addEventListener('abort', this.forward, { once: true });
  }

  async open(
    fetcher: typeof fetch,
    begin: Begin,
    resume: string | undefined,
    lastId: string,
  ): Promise<Response> {
    this.heard();
    const { signal } = this.controller;
    const response =
      resume !== undefined || 'resume' in begin
        ? await fetcher(underApi(resume!), {
            headers: {
              accept: 'text/event-stream',
              ...(lastId !== '' && { 'last-event-id': lastId }),
            },
            cache: 'no-store',
            signal,
          })
        : await fetcher(begin.post, {
            method: 'POST',
            headers: {
              accept: 'text/event-stream',
              'content-type': 'application/json',
              'idempotency-key': begin.key,
              prefer: `wait=${BUSY_WAIT_S}`,
            },
            body: JSON.stringify(begin.body),
            signal,
          });
    if (!response.ok) throw await errorFrom(response);
    if (response.status !== 204 && !isEventStream(response)) {
      throw new ApiError({
        code: 'E_UNKNOWN',
        message: 'The server did not stream its answer.',
        status: response.status,
      });
    }
    return response;
  }

  async *messages(response: Response, onRetry: (ms: number) => void) {
    const reader = response
      .body!.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
      .pipeThrough(new EventSourceParserStream({ onRetry, onComment: () => this.heard() }))
      .getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        this.heard();
        yield value;
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  leave(): void {
    this.left = true;
    this.controller.abort();
  }

  close(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.forward);
    this.controller.abort();
  }

  private heard(): void {
    clearTimeout(this.timer);
    const silence = () => this.controller.abort(new DOMException('silence', 'TimeoutError'));
    this.timer = setTimeout(silence, this.idleMs);
  }
}

function resumeAddress(response: Response): string | undefined {
  const location = response.headers.get('content-location') ?? '';
  return /^\/(api\/)?messages\/[0-9a-f-]+\/stream$/i.test(location) ? location : undefined;
}

/** The server names its own path; the browser reaches it under /api. */
function underApi(path: string): string {
  return path.startsWith('/api/') ? path : `/api${path}`;
}

function isEventStream(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
}

/** A refusal is final; a lost connection, a restarting gateway or a plea to wait is not. */
function worthRetrying(error: ApiError): boolean {
  if (error.code === 'E_STREAM_INTERRUPTED') return false;
  return (
    error.code === 'E_UNREACHABLE' ||
    error.status === 408 ||
    (error.status >= 500 && error.code === 'E_UNKNOWN')
  );
}

function interrupted(): ApiError {
  return new ApiError({
    code: 'E_STREAM_INTERRUPTED',
    message: 'The connection broke too often. The answer goes on; reload the page to see it.',
    status: 0,
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
