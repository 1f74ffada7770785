import { defineConfig } from 'vitest/config';

const shared = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
};

/** How long a condition may take to come true where a test says nothing else; the default of one second is for idle machines. */
const expectSettings = { poll: { timeout: 10_000 } };

const globalSetup = ['libs/testing/src/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          expect: expectSettings,
          globalSetup,
          include: ['{libs,services,deploy}/*/**/*.test.ts', 'e2e/{tools,operations/grafana}/**/*.test.ts'],
          exclude: ['**/dist/**', '**/node_modules/**'],
          // Files share a worker's modules: half of the CPU time. So no test may leave changed globals or environment behind.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
      'web',
      {
        ...shared,
        test: {
          name: 'e2e',
          expect: expectSettings,
          globalSetup,
          include: ['e2e/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            'e2e/{tools,operations/grafana}/**',
            'e2e/containers/**',
            'e2e/chaos/chaos.test.ts',
            'e2e/upgrade/upgrade.test.ts',
            'e2e/kubernetes/small-overlay.test.ts',
          ],
          // Browsers and clusters on two busy cores.
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'previous-release',
          expect: expectSettings,
          globalSetup: [...globalSetup, 'e2e/upgrade/build-release.ts'],
          include: ['e2e/protocol/{actions,people,wire}.test.ts', 'e2e/browser/builds.test.ts'],
          env: { PARLEY_TEST_BESIDE: 'previous-release' },
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'containers',
          expect: expectSettings,
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
          expect: expectSettings,
          globalSetup: [...globalSetup, 'e2e/kubernetes/build-images.ts'],
          include: ['e2e/kubernetes/small-overlay.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'chaos',
          expect: expectSettings,
          globalSetup: [...globalSetup, 'e2e/upgrade/build-release.ts'],
          include: ['e2e/chaos/chaos.test.ts', 'e2e/upgrade/upgrade.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
