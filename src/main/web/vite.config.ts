import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env['LECTERN_URL'] ?? 'http://127.0.0.1:8080';

/**
 * What drawing a PDF may ask for beyond code: character maps, and stand-ins for fonts that documents
 * leave out. WebAssembly is left behind, as the page's policy compiles none.
 */
function pdfResources(): Plugin {
  const home = dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')));
  return {
    name: 'pdf-resources',
    apply: 'build',
    generateBundle() {
      for (const folder of ['cmaps', 'standard_fonts', 'wasm'])
        for (const name of readdirSync(join(home, folder)))
          if (!name.endsWith('.wasm'))
            this.emitFile({
              type: 'asset',
              fileName: `pdf/${folder}/${name}`,
              source: readFileSync(join(home, folder, name)),
            });
    },
  };
}

export default defineConfig({
  plugins: [react(), pdfResources()],
  build: {
    outDir: '../../../target/web',
    emptyOutDir: true,
    target: 'es2023',
    // The page runs under default-src 'none': no inline polyfill, no data: URLs.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // What a first visit loads has a budget of its own, compressed: scripts/budget.mjs.
    chunkSizeWarningLimit: 800,
  },
  server: {
    proxy: { '/api': server, '/auth': server },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testSetup.ts'],
    restoreMocks: true,
  },
});
