import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env['LECTERN_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../../../target/web',
    emptyOutDir: true,
    target: 'es2023',
    // The page runs under default-src 'none': no inline polyfill, no data: URLs.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
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
