// @vitest-environment node
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerStream, type Begin, type StreamEvent } from './answerStream';
import { ApiError } from './errors';

const ASSISTANT = '00000000-0000-4000-8000-00000000000a';
const RESUME = `/messages/${ASSISTANT}/stream`;

const frame = (id: number, event: string, data: unknown) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const META = {
  conversation_id: 'c',
  user_message_id: 'u',
  assistant_message_id: ASSISTANT,
  model_id: 'm',
  provider: 'p',
};
const DONE = { status: 'complete', finish_reason: 'stop', final_chars: 3 };

/** A server that plays one script per request, in order. */
class TestingServer {
  readonly requests: {
    method: string;
    url: string;
    lastId: string | undefined;
    key: string | undefined;
    body: string;
  }[] = [];
  private readonly server = createServer((request, response) => void this.play(request, response));
  private readonly scripts: ((response: ServerResponse) => void)[] = [];

  will(script: (response: ServerResponse) => void): this {
    this.scripts.push(script);
    return this;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async play(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.requests.push({
      method: request.method!,
      url: request.url!,
      lastId: request.headers['last-event-id'] as string | undefined,
      key: request.headers['idempotency-key'] as string | undefined,
      body,
    });
    this.scripts.shift()!(response);
  }
}

class TestingAway {
  private readonly listeners = new Set<() => void>();
  private value = false;

  get(): boolean {
    return this.value;
  }

  set(value: boolean): void {
    this.value = value;
    [...this.listeners].forEach((listener) => listener());
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

const stream = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream', 'content-location': RESUME });

function refuse(status: number, code: string, headers: Record<string, string> = {}) {
  return (response: ServerResponse) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { code, message: code } }));
}

describe('answerStream', () => {
  let server: TestingServer;
  let base: string;
  const controller = () => new AbortController();

  beforeEach(async () => {
    server = new TestingServer();
    base = await server.listen();
  });
  afterEach(() => server.close());

  const fromHere = (url: RequestInfo | URL, init?: RequestInit) =>
    fetch(new URL(String(url), base), init);
  const send = (): Begin => ({
    post: '/api/conversations/messages?stream=1',
    body: { content: 'q' },
    key: 'k1',
  });

  async function all(
    begin: Begin,
    extra: Partial<Parameters<typeof answerStream>[1]> = {},
  ): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    const signal = controller().signal;
    for await (const event of answerStream(begin, {
      signal,
      firstRetryMs: 1,
      fetch: fromHere,
      ...extra,
    }))
      events.push(event);
    return events;
  }

  it('lets the connection go while nobody looks, and goes on from the last event after', async () => {
    const away = new TestingAway();
    const hungUp = new Promise<void>((resolve) =>
      server.will((response) => {
        response.once('close', resolve);
        stream(response).write(frame(1, 'meta', META) + frame(2, 'delta', { delta: 'a ' }));
      }),
    );
    server.will((response) =>
      stream(response).end(frame(3, 'delta', { delta: 'b' }) + frame(4, 'done', DONE)),
    );
    const events: StreamEvent[] = [];
    const { signal } = controller();
    const watching = (async () => {
      for await (const event of answerStream(send(), { signal, fetch: fromHere, away })) {
        events.push(event);
        if (event.type === 'delta' && event.delta === 'a ') away.set(true);
      }
    })();
    await hungUp;
    expect(server.requests).toHaveLength(1);
    away.set(false);
    await watching;
    expect(text(events)).toBe('a b');
    expect(events.map((event) => event.type)).not.toContain('reconnecting');
    expect(server.requests[1]).toMatchObject({ method: 'GET', url: `/api${RESUME}`, lastId: '2' });
  });

  it('sends a question even while nobody looks', async () => {
    const away = new TestingAway();
    away.set(true);
    const asked = new Promise<void>((resolve) =>
      server.will((response) => {
        response.once('close', resolve);
        stream(response).write(frame(1, 'meta', META));
      }),
    );
    server.will((response) => stream(response).end(frame(2, 'done', DONE)));
    const watching = all(send(), { away });
    await asked;
    away.set(false);
    await watching;
    expect(server.requests.map((one) => one.method)).toEqual(['POST', 'GET']);
  });

  it('can be given up while nobody looks', async () => {
    const away = new TestingAway();
    away.set(true);
    const abort = controller();
    const watching = all({ resume: RESUME }, { away, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(watching).rejects.toThrow('enough');
    expect(server.requests).toEqual([]);
  });

  const text = (events: StreamEvent[]) =>
    events.map((e) => (e.type === 'delta' ? e.delta : '')).join('');

  it('yields the events in order and ends at done', async () => {
    server.will((r) =>
      stream(r).end(
        `: hello\n\n${frame(1, 'meta', META)}${frame(2, 'delta', { delta: 'Hé👍' })}${frame(3, 'done', DONE)}`,
      ),
    );
    const events = await all(send());
    expect(events.map((e) => e.type)).toEqual(['meta', 'delta', 'done']);
    expect(text(events)).toBe('Hé👍');
    expect(server.requests).toMatchObject([{ method: 'POST', key: 'k1', body: '{"content":"q"}' }]);
  });

  it('resumes after a cut with the last event id, word for word, and loses and doubles nothing', async () => {
    const bytes = Buffer.from(
      frame(1, 'meta', META) +
        'id: run:7/2\nevent: delta\ndata: {"delta":"one "}\n\n' +
        'id: x\nevent: delta\ndata: {"delta":"cut 👍',
    );
    server
      .will((r) => {
        stream(r).write(bytes.subarray(0, bytes.length - 2));
        setImmediate(() => r.destroy());
      })
      .will((r) => stream(r).end(frame(3, 'delta', { delta: 'two' }) + frame(4, 'done', DONE)));
    const events = await all(send());
    expect(text(events)).toBe('one two');
    expect(events.filter((e) => e.type === 'reconnecting')).toHaveLength(1);
    expect(server.requests[1]).toMatchObject({
      method: 'GET',
      url: `/api${RESUME}`,
      lastId: 'run:7/2',
    });
  });

  it('survives a cut after every single event', async () => {
    server.will((r) => stream(r).end(frame(0, 'meta', META)));
    for (let i = 1; i <= 20; i++)
      server.will((r) => stream(r).end(frame(i, 'delta', { delta: `${i} ` })));
    server.will((r) => stream(r).end(frame(21, 'done', DONE)));
    const events = await all(send());
    expect(text(events)).toBe(Array.from({ length: 20 }, (_, i) => `${i + 1} `).join(''));
    expect(server.requests.filter((r) => r.method === 'POST')).toHaveLength(1);
    expect(server.requests.map((r) => r.lastId).slice(1)).toEqual(
      Array.from({ length: 21 }, (_, i) => String(i)),
    );
  });

  it('reads events split in the middle of a character', async () => {
    const bytes = Buffer.from(
      frame(1, 'meta', META) + frame(2, 'delta', { delta: '漢👍é' }) + frame(3, 'done', DONE),
    );
    server.will((r) => {
      stream(r);
      let i = 0;
      const next = () => (i < bytes.length ? r.write(bytes.subarray(i, ++i), next) : r.end());
      next();
    });
    expect(text(await all(send()))).toBe('漢👍é');
  });

  it('sends again under the same key when no response came', async () => {
    server
      .will((r) => r.destroy())
      .will((r) => stream(r).end(frame(1, 'meta', META) + frame(2, 'done', DONE)));
    await all(send());
    expect(server.requests.map((r) => [r.method, r.key])).toEqual([
      ['POST', 'k1'],
      ['POST', 'k1'],
    ]);
  });

  it('throws a refusal at once, with its code', async () => {
    server.will(refuse(409, 'E_CONVERSATION_BUSY'));
    await expect(all(send())).rejects.toMatchObject({ code: 'E_CONVERSATION_BUSY', status: 409 });
    server.will(refuse(503, 'E_LLM_PROVIDER_DOWN'));
    await expect(all(send())).rejects.toMatchObject({ code: 'E_LLM_PROVIDER_DOWN' });
    expect(server.requests).toHaveLength(2);
  });

  it('takes a silent connection for dead and resumes', async () => {
    server
      .will((r) => stream(r).write(frame(1, 'meta', META)))
      .will((r) => stream(r).end(frame(2, 'done', DONE)));
    const events = await all(send(), { idleMs: 60 });
    expect(events.map((e) => e.type)).toEqual(['meta', 'reconnecting', 'done']);
  });

  it('gives up after too many breaks in a row', async () => {
    for (let i = 0; i < 4; i++) server.will((r) => r.destroy());
    await expect(all(send(), { maxBreaks: 3 })).rejects.toBeInstanceOf(ApiError);
    expect(server.requests).toHaveLength(4);
  });

  it('ends quietly when there is nothing more', async () => {
    server.will((r) => r.writeHead(204).end());
    expect(await all({ resume: RESUME })).toEqual([]);
  });

  it('stops watching when aborted, without another request', async () => {
    server.will((r) => stream(r).write(frame(1, 'meta', META)));
    const abort = controller();
    const watch = async () => {
      for await (const event of answerStream(send(), { signal: abort.signal, fetch: fromHere }))
        if (event.type === 'meta') abort.abort();
    };
    await expect(watch()).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.requests).toHaveLength(1);
  });

  it.each(['{', '[]', '{"delta":7}'])('calls the event data %j damaged', async (data) => {
    server.will((r) => stream(r).end(`id: 1\nevent: delta\ndata: ${data}\n\n`));
    await expect(all(send())).rejects.toMatchObject({ code: 'E_STREAM_INTERRUPTED' });
  });

  it('skips events it does not know', async () => {
    server.will((r) =>
      stream(r).end(
        'event: later\ndata: not json\n\n' + frame(1, 'meta', META) + frame(2, 'done', DONE),
      ),
    );
    expect((await all(send())).map((e) => e.type)).toEqual(['meta', 'done']);
  });
});
