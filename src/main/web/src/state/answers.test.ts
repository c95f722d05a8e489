import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Answers, answerFor, type Answer, type Question } from './answers';

const META = {
  conversation_id: 'c1',
  user_message_id: 'u1',
  assistant_message_id: '00000000-0000-4000-8000-00000000000a',
};
const QUESTION: Question = { content: 'Why?', quotes: [], modelId: 'm1' };

/** The other end of fetch: hands out streams that the test feeds, and notes what was asked. */
class TestingServer {
  readonly requests: {
    method: string;
    url: string;
    key: string | null;
    lastId: string | null;
    body: unknown;
  }[] = [];
  refusal: { status: number; code: string } | undefined;
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const request = input instanceof Request ? input : undefined;
    const url = request?.url ?? String(input);
    const headers = new Headers(request?.headers ?? init.headers);
    this.requests.push({
      method: request?.method ?? init.method ?? 'GET',
      url: url.replace(/^https?:\/\/[^/]+/, ''),
      key: headers.get('idempotency-key'),
      lastId: headers.get('last-event-id'),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    });
    if (url.endsWith('/stop'))
      return new Response('{"data":{}}', { headers: { 'content-type': 'application/json' } });
    if (this.refusal) {
      const { status, code } = this.refusal;
      return new Response(JSON.stringify({ error: { code, message: 'No.' } }), { status });
    }
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.controller = controller),
    });
    init.signal?.addEventListener('abort', () => this.controller?.error(init.signal!.reason));
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

  say(id: number, event: string, data: unknown): void {
    this.controller!.enqueue(
      new TextEncoder().encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    );
  }
}

describe('Answers', () => {
  let server: TestingServer;
  let answers: Answers;
  let ended: string[];
  let storedIsHere: () => void;

  beforeEach(() => {
    server = new TestingServer();
    vi.stubGlobal('fetch', server.fetch);
    ended = [];
    answers = new Answers((id) => {
      ended.push(id);
      return new Promise<void>((resolve) => (storedIsHere = resolve));
    });
  });
  afterEach(() => {
    answers.clear();
    vi.unstubAllGlobals();
  });

  const only = (): Answer => {
    expect(answers.all.get()).toHaveLength(1);
    return answers.all.get()[0]!;
  };
  const text = () =>
    only()
      .blocks.map((block) => block.raw)
      .join('');
  const becomes = (test: () => void) => vi.waitFor(test, { timeout: 2_000, interval: 5 });

  it('sends, grows, and stays on screen until the stored message takes over', async () => {
    answers.send('new-1', undefined, QUESTION);
    expect(answerFor(answers.all.get(), 'new-1', undefined)?.phase).toBe('sending');
    await becomes(() => expect(server.requests).toHaveLength(1));
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/api/conversations/messages?stream=1',
      body: { content: 'Why?', model_id: 'm1', contexts: [] },
    });
    server.say(1, 'meta', META);
    server.say(2, 'delta', { delta: 'Because ' });
    server.say(3, 'delta', { delta: 'so.' });
    await becomes(() => expect(text()).toBe('Because so.'));
    expect(answerFor(answers.all.get(), 'other', 'c1')).toBe(only());
    server.say(4, 'done', { status: 'complete', finish_reason: 'stop' });
    await becomes(() => expect(ended).toEqual(['c1']));
    expect(only()).toMatchObject({ phase: 'done' });
    expect(text()).toBe('Because so.');
    storedIsHere();
    await becomes(() => expect(answers.all.get()).toEqual([]));
  });

  it('discards the text so far at a reset', async () => {
    answers.send('s', 'c1', QUESTION);
    await becomes(() => expect(server.requests).toHaveLength(1));
    server.say(1, 'meta', META);
    server.say(2, 'delta', { delta: 'Half an ans' });
    await becomes(() => expect(text()).toBe('Half an ans'));
    server.say(3, 'reset', {});
    server.say(4, 'delta', { delta: 'Whole.' });
    await becomes(() => expect(text()).toBe('Whole.'));
  });

  it('knows that the model thinks, and forgets it at a reset', async () => {
    answers.send('s', 'c1', QUESTION);
    await becomes(() => expect(server.requests).toHaveLength(1));
    server.say(1, 'meta', META);
    expect(only()).toMatchObject({ thinking: false });
    server.say(2, 'thinking', {});
    await becomes(() => expect(only()).toMatchObject({ phase: 'growing', thinking: true }));
    server.say(3, 'reset', {});
    await becomes(() => expect(only()).toMatchObject({ phase: 'growing', thinking: false }));
  });

  it('shows a burst of deltas in few steps', async () => {
    answers.send('s', 'c1', QUESTION);
    await becomes(() => expect(server.requests).toHaveLength(1));
    server.say(0, 'meta', META);
    let steps = 0;
    answers.all.subscribe(() => steps++);
    for (let i = 1; i <= 500; i++) server.say(i, 'delta', { delta: `w${i} ` });
    await becomes(() => expect(text()).toContain('w500'));
    expect(steps).toBeLessThan(10);
  });

  it('keeps a refused question, and sends it again under the same key', async () => {
    server.refusal = { status: 429, code: 'E_RATE_LIMITED' };
    answers.send('s', 'c1', QUESTION);
    await becomes(() =>
      expect(only()).toMatchObject({ phase: 'failed', error: { code: 'E_RATE_LIMITED' } }),
    );
    expect(ended).toEqual([]);
    server.refusal = undefined;
    answers.retry(only().key);
    await becomes(() => expect(server.requests).toHaveLength(2));
    expect(server.requests[1]!.key).toBe(server.requests[0]!.key);
    expect(server.requests[1]!.body).toEqual(server.requests[0]!.body);
  });

  it('hands a failed question back for editing', async () => {
    server.refusal = { status: 400, code: 'E_MESSAGE_TOO_LONG' };
    answers.send('s', 'c1', QUESTION);
    await becomes(() => expect(only().phase).toBe('failed'));
    expect(answers.dismiss(only().key)).toEqual(QUESTION);
    expect(answers.all.get()).toEqual([]);
  });

  it('stops on the server, and keeps listening for its last word', async () => {
    answers.send('s', 'c1', QUESTION);
    await becomes(() => expect(server.requests).toHaveLength(1));
    server.say(1, 'meta', META);
    await becomes(() => expect(only().phase).toBe('growing'));
    answers.stop(only().key);
    answers.stop(only().key);
    await becomes(() => expect(server.requests).toHaveLength(2));
    expect(server.requests[1]).toMatchObject({
      method: 'POST',
      url: `/api/messages/${META.assistant_message_id}/stop`,
    });
    server.say(2, 'done', { status: 'complete', finish_reason: 'cancelled' });
    await becomes(() => expect(ended).toEqual(['c1']));
  });

  it('stops an answer that has no name yet as soon as it has one', async () => {
    answers.send('s', 'c1', QUESTION);
    await becomes(() => expect(server.requests).toHaveLength(1));
    answers.stop(only().key);
    expect(server.requests).toHaveLength(1);
    server.say(1, 'meta', META);
    await becomes(() =>
      expect(server.requests[1]?.url).toBe(`/api/messages/${META.assistant_message_id}/stop`),
    );
  });

  it('joins an answer that grows already, once, from its beginning', async () => {
    answers.join('c1', META.assistant_message_id);
    answers.join('c1', META.assistant_message_id);
    await becomes(() => expect(server.requests).toHaveLength(1));
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      url: `/api/messages/${META.assistant_message_id}/stream`,
      lastId: null,
    });
    expect(only().question).toBeNull();
    server.say(1, 'meta', { ...META, user_message_id: null });
    server.say(2, 'delta', { delta: 'So far.' });
    await becomes(() => expect(text()).toBe('So far.'));
  });
});
