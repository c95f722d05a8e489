import { spawn } from 'node:child_process';

/** How long the server may take to answer its first request, database set-up included. */
const START_PATIENCE_MS = 90_000;
const STOP_PATIENCE_MS = 30_000;
const LOG_KEPT = 20_000;

/** The program under test, as its users start it. */
export class Server {
  url;
  #process;
  #again;
  #environment;
  #log = '';

  static running(url) {
    const server = new Server();
    server.url = url.replace(/\/$/, '');
    return server;
  }

  /** `environment` holds the settings it is started with; it has no others. */
  static async start(java, jar, home, environment) {
    const server = new Server();
    server.#environment = { ...cleanEnvironment(), ...environment };
    server.#again = (port) =>
      server.#spawn(java, ['-jar', jar, '--home', home, '--port', port, '--api-port', '0']);
    await server.#again('0');
    return server;
  }

  get canRestart() {
    return this.#process !== undefined;
  }

  /** Stops it and starts it again on the same home and address. */
  async restart() {
    const { port } = new URL(this.url);
    await this.stop();
    await this.#again(port);
  }

  async stop() {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await gone;
    clearTimeout(timer);
  }

  async #spawn(java, args) {
    this.#log = '';
    const child = spawn(java, args, { stdio: ['ignore', 'pipe', 'pipe'], env: this.#environment });
    this.#process = child;
    const addresses = new Set();
    const read = (chunk) => {
      this.#log = (this.#log + chunk).slice(-LOG_KEPT);
      for (const [address] of this.#log.matchAll(/http:\/\/(?:localhost|127\.0\.0\.1):\d+/g))
        addresses.add(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', read);
    this.url = await this.#answering(child, addresses);
  }

  /** The first address named in the output that serves the page's session. */
  async #answering(child, addresses) {
    const deadline = Date.now() + START_PATIENCE_MS;
    while (Date.now() < deadline && child.exitCode === null) {
      for (const address of addresses) if (await servesThePage(address)) return address;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const why = child.exitCode === null ? 'did not answer in time' : `ended with ${child.exitCode}`;
    throw new Error(`The server ${why}. Its last words:\n${this.#log}`);
  }
}

async function servesThePage(address) {
  try {
    return (await fetch(`${address}/auth/session`)).ok;
  } catch {
    return false;
  }
}

/** Settings of whoever runs the tests must not reach the server under test. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(LECTERN|ENABLE|OPENAI|ANTHROPIC|GEMINI)_/.test(name),
    ),
  );
}
