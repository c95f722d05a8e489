// Fails the build when what a first visit must load outgrows its budget.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET = 190_000; // gzip bytes of the entry script

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../../target/web');
const entry = /<script type="module"[^>]* src="([^"]+)"/.exec(
  readFileSync(join(root, 'index.html'), 'utf8'),
)[1];
const size = gzipSync(readFileSync(join(root, entry))).length;
console.log(`web app: entry ${(size / 1000).toFixed(1)} kB gzip, budget ${BUDGET / 1000} kB`);
if (size > BUDGET) process.exit(1);
