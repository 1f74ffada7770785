import tailwind from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const server = process.env['PARLEY_URL'] ?? 'http://127.0.0.1:8080';

/** Parley's own packages from their sources. Not by the condition `source`: packages of others use that name, too. */
export const parleySources = {
  '@parley/protocol': fileURLToPath(new URL('../libs/protocol/src/index.ts', import.meta.url)),
};

export default defineConfig({
  plugins: [vue(), tailwind()],
  resolve: { alias: parleySources },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': { target: server },
      '/ws': { target: server, ws: true },
    },
  },
  build: { outDir: 'dist', emptyOutDir: true, sourcemap: false },
});
