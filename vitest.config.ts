import { defineConfig } from 'vitest/config';

const shared = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
};

const globalSetup = ['libs/testing/src/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          globalSetup,
          include: ['{libs,services,deploy}/*/**/*.test.ts'],
          exclude: ['**/dist/**', '**/node_modules/**'],
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
      'web',
      {
        ...shared,
        test: {
          name: 'e2e',
          globalSetup,
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'e2e/{containers,kubernetes,chaos}/**'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'containers',
          globalSetup: [...globalSetup, 'e2e/containers/build-images.ts'],
          include: ['e2e/containers/**/*.test.ts'],
          // The tests remove what they start, and the image of testcontainers' own cleaner cannot be had everywhere.
          env: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'kubernetes',
          globalSetup: [...globalSetup, 'e2e/kubernetes/build-images.ts'],
          include: ['e2e/kubernetes/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'chaos',
          globalSetup,
          include: ['e2e/chaos/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
