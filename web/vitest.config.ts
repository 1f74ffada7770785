import vue from '@vitejs/plugin-vue';
import { defineProject } from 'vitest/config';
import { compileMessages } from './build-messages.ts';
import { parleySources } from './vite.config.ts';

export default defineProject({
  plugins: [vue(), compileMessages()],
  resolve: { alias: parleySources },
  test: {
    name: 'web',
    include: ['src/**/*.test.ts'],
    /** Tests that mount components say `@vitest-environment happy-dom` themselves. */
    environment: 'node',
    setupFiles: ['src/i18n/testing/english.ts'],
    testTimeout: 20_000,
  },
});
