import vue from '@vitejs/plugin-vue';
import { defineProject } from 'vitest/config';
import { parleySources } from './vite.config.ts';

export default defineProject({
  plugins: [vue()],
  resolve: { alias: parleySources },
  test: {
    name: 'web',
    include: ['src/**/*.test.ts'],
    /** Tests that mount components say `@vitest-environment happy-dom` themselves. */
    environment: 'node',
    testTimeout: 20_000,
  },
});
