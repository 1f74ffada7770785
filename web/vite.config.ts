import tailwind from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { compileMessages } from './build-messages.ts';

const server = process.env['PARLEY_URL'] ?? 'http://127.0.0.1:8080';

/** Parley's own packages from their sources. Not by the condition `source`: packages of others use that name, too. */
export const parleySources = [
  { find: '@parley/protocol', replacement: fileURLToPath(new URL('../libs/protocol/src/index.ts', import.meta.url)) },
];

/** Messages are compiled when Parley is built: what compiles them, and vue-i18n's older interface, stay away. */
const runtimeOnly = [{ find: /^vue-i18n$/, replacement: 'vue-i18n/dist/vue-i18n.runtime.mjs' }];
const i18nFeatures = {
  __VUE_I18N_FULL_INSTALL__: 'false',
  __VUE_I18N_LEGACY_API__: 'false',
  __INTLIFY_PROD_DEVTOOLS__: 'false',
  __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
};

/** Milliseconds since the epoch: of two builds, the one with the higher number is the newer. */
const build = Number(process.env['PARLEY_BUILD'] ?? Date.now());

/** Tells the service worker which files there are; names of emoji are kept by their picker itself. */
function listFiles(): Plugin {
  return {
    name: 'parley-list-files',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle).filter((name) => /^assets\/.+\.(js|css)$/.test(name));
      const worker = bundle['service-worker.js'];
      if (worker?.type !== 'chunk') throw new Error('The service worker was not built.');
      worker.code = worker.code.replace('__PARLEY_FILES__', JSON.stringify(files.map((name) => `/${name}`)));
    },
  };
}

export default defineConfig({
  plugins: [vue(), tailwind(), compileMessages(), listFiles()],
  define: { __PARLEY_BUILD__: JSON.stringify(build), ...i18nFeatures },
  resolve: { alias: [...runtimeOnly, ...parleySources] },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': { target: server },
      '/ws': { target: server, ws: true },
    },
  },
  build: {
    ...{ outDir: 'dist', emptyOutDir: true, sourcemap: false },
    rollupOptions: {
      input: { index: 'index.html', 'service-worker': 'src/offline/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
