import { createServer } from 'node:http';

/** How long a request of the server under test may take to arrive, and a socket to close. */
const PATIENCE_MS = 10_000;

/**
 * A model server on loopback that speaks Chat Completions. It says nothing by itself: each request
 * waits until a step takes it with `asked()` and tells it what to answer, and when.
 */
export class Provider {
  #server = createServer((request, response) => this.#receive(request, response));
  #waiting = [];
  #takers = [];

  static async start() {
    const provider = new Provider();
    await new Promise((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  /** What makes a server ask this one instead of OpenAI. */
  get environment() {
    return {
      OPENAI_BASE_URL: `http://127.0.0.1:${this.#server.address().port}/v1`,
      OPENAI_API_KEY: 'sk-e2e',
    };
  }

  /** The next request nobody has taken yet. */
  asked() {
    const next = this.#waiting.shift();
    if (next !== undefined) return Promise.resolve(next);
    return inTime('No request reached the provider', (resolve) => this.#takers.push(resolve));
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const reply = new Reply(JSON.parse(Buffer.concat(chunks)), response);
    const taker = this.#takers.shift();
    if (taker) taker(reply);
    else this.#waiting.push(reply);
  }
}

/** One request, and the answer to it as it is being given. */
class Reply {
  /** The body of the request. */
  asked;
  #response;
  #closed;

  constructor(asked, response) {
    this.asked = asked;
    this.#response = response;
    this.#closed = new Promise((resolve) => response.once('close', resolve));
  }

  /** Streams a piece of text; settles once there is room for more, or nobody listens any longer. */
  async say(text) {
    if (this.#event({ choices: [{ index: 0, delta: { content: text } }] })) return;
    await Promise.race([
      new Promise((resolve) => this.#response.once('drain', resolve)),
      this.#closed,
    ]);
  }

  /** Thinks aloud before it speaks. */
  think(text) {
    this.#event({ choices: [{ index: 0, delta: { reasoning_content: text } }] });
  }

  finish() {
    const words = { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 };
    this.#event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    this.#event({ choices: [], usage: words });
    this.#response.end('data: [DONE]\n\n');
  }

  /** Breaks off in the middle, without a word. */
  cut() {
    this.#response.destroy();
  }

  refuse(status, code, headers = {}) {
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.#response.end(JSON.stringify({ error: { message: 'No.', type: code, code } }));
  }

  /** Settles when the other end has hung up. */
  closed() {
    return inTime('The connection to the provider stayed open', (resolve) =>
      this.#closed.then(resolve),
    );
  }

  #event(data) {
    if (!this.#response.headersSent)
      this.#response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = { id: 'chat-e2e', object: 'chat.completion.chunk', model: this.asked.model };
    return this.#response.write(`data: ${JSON.stringify({ ...chunk, ...data })}\n\n`);
  }
}

function inTime(complaint, begin) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(complaint)), PATIENCE_MS);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
