// The page in a real browser against the real server: the newcomer's path and what surrounds it.
//
//   node src/test/e2e/run.mjs [--jar FILE] [--java FILE] [--url ADDRESS] [--shots DIRECTORY]
//
// Starts the jar on free ports with an empty home, a provider for it to ask and a site for it to fetch
// from; with --url it uses a server that runs already and has no account yet, and leaves out what needs
// those two. Ends with
// "N passed, N failed".
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Browser } from './browser.mjs';
import { growing } from './growing.mjs';
import { models } from './models.mjs';
import { Provider } from './provider.mjs';
import { reading } from './reading.mjs';
import { Server } from './server.mjs';
import { Site } from './site.mjs';
import { story } from './story.mjs';
import { web } from './web.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({
  options: {
    jar: { type: 'string', default: join(root, 'target/lectern.jar') },
    java: {
      type: 'string',
      default: process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java',
    },
    url: { type: 'string' },
    shots: { type: 'string', default: join(root, 'target/e2e') },
  },
});

/**
 * One story costs more than a day's default allowance, no other model server may be found, and the
 * site stands on loopback.
 */
const SETTINGS = {
  LECTERN_PLATFORM_TOKENS_PER_DAY: '100000000',
  LECTERN_SENDS_PER_MINUTE: '1000',
  LECTERN_LOCAL_MODELS: 'false',
  LECTERN_ALLOW_PRIVATE_ADDRESSES: 'true',
};

const home = mkdtempSync(join(tmpdir(), 'lectern-e2e-'));
let passed = 0;
let failed = 0;
let provider;
let site;
let server;
let browser;

async function step(name, work) {
  const began = performance.now();
  try {
    await work();
    browser.expectQuiet();
    passed++;
    console.log(`ok    ${name} (${Math.round(performance.now() - began)} ms)`);
    return true;
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n      ${String(error.message).replaceAll('\n', '\n      ')}`);
    await browser?.shot(`failed-${failed}`).catch(() => {});
    return false;
  }
}

try {
  if (values.url) {
    server = Server.running(values.url);
  } else {
    provider = await Provider.start();
    site = await Site.start();
    const environment = { ...SETTINGS, ...provider.environment };
    server = await Server.start(values.java, values.jar, home, environment);
  }
  browser = await Browser.launch(server.url, values.shots);
  const alone = [...story, ...reading, ...models];
  const steps = provider ? [...alone, ...web, ...growing] : alone;
  for (const [name, work] of steps) {
    // What follows builds on what came before: after a failure it would only fail for the same reason.
    if (!(await step(name, () => work({ browser, server, provider, site })))) break;
  }
} catch (error) {
  failed++;
  console.log(`FAIL  start\n      ${error.message}`);
} finally {
  await browser?.close();
  await server?.stop();
  await provider?.stop();
  await site?.stop();
  rmSync(home, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
