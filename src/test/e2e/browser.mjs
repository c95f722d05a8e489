import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(new URL('../../main/web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PATIENCE_MS = 15_000;

/** One reader's browser. Every complaint of the page is kept, and fails the step in which it came. */
export class Browser {
  page;
  #browser;
  #context;
  #base;
  #shots;
  #complaints = [];

  static async launch(base, shots) {
    const browser = new Browser();
    browser.#base = base;
    browser.#shots = shots;
    mkdirSync(shots, { recursive: true });
    browser.#browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    browser.#context = await browser.#browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: 'light',
    });
    browser.page = await browser.#newPage(browser.#context);
    return browser;
  }

  /** A second page of the same reader, as on a phone or in another browser engine. */
  async other(options, prepare) {
    const context = await this.#browser.newContext({
      ...options,
      storageState: await this.#context.storageState(),
    });
    if (prepare) await context.addInitScript(prepare);
    return this.#newPage(context);
  }

  async open(path, page = this.page) {
    await page.goto(this.#base + path);
  }

  shot(name, page = this.page) {
    return page.screenshot({ path: join(this.#shots, `${name}.png`) });
  }

  /** Fails for anything the page complained of since the last look. */
  expectQuiet() {
    const complaints = this.#complaints.splice(0);
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  }

  /** The browser notes each refusal of the server; one that the step wanted is no complaint. */
  expectRefusal(status) {
    const index = this.#complaints.findIndex((one) => one.includes(`status of ${status}`));
    if (index < 0) throw new Error(`the server refused nothing with ${status}`);
    this.#complaints.splice(index, 1);
  }

  /** Fails for anything axe finds, in the light and in the dark. */
  async expectAccessible(name, page = this.page) {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found = await this.#axe(page);
      await this.shot(`${name}-${colorScheme}`, page);
      if (found.length > 0)
        throw new Error(`axe on ${name} (${colorScheme}):\n${found.join('\n')}`);
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  }

  /** Runs axe beside the page, in a world of its own that the page's policy does not govern. */
  async #axe(page) {
    const session = await page.context().newCDPSession(page);
    const { frameTree } = await session.send('Page.getFrameTree');
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
      worldName: 'axe',
    });
    const run = async (expression) => {
      const options = { expression, contextId, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await session.send('Runtime.evaluate', options);
      if (exceptionDetails)
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    await run(`${AXE};0`);
    const violations = await run('axe.run(document).then((report) => report.violations)');
    await session.detach();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  }

  async close() {
    await this.#browser?.close();
  }

  async #newPage(context) {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.#complaints.push(
          `console ${message.type()}: ${message.text()} (${message.location().url})`,
        );
      }
    });
    page.on('pageerror', (error) => this.#complaints.push(`page error: ${error.message}`));
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
      addEventListener('unhandledrejection', (event) =>
        console.error(`unhandled: ${event.reason}`),
      );
    });
    return page;
  }
}
