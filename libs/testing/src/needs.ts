import {
  findBrowser,
  findContainerEngine,
  findKubernetes,
  findPromtool,
  findServer,
  type FoundProgram,
  type MissingProgram,
} from './servers/find-server.ts';

/** Programs and services that a test may need besides Node. */
export type Need = 'mongo' | 'redis' | 'valkey' | 'browser' | 'containers' | 'kubernetes' | 'promtool';

export const NEED_NAMES = {
  mongo: 'MongoDB',
  redis: 'Redis',
  valkey: 'Valkey',
  browser: 'a browser',
  containers: 'a container engine',
  kubernetes: 'a Kubernetes cluster',
  promtool: "Prometheus' promtool",
} as const satisfies Record<Need, string>;

const FINDERS = {
  mongo: () => findServer('mongod'),
  redis: () => findServer('redis'),
  valkey: () => findServer('valkey'),
  browser: findBrowser,
  containers: findContainerEngine,
  kubernetes: findKubernetes,
  promtool: findPromtool,
} as const satisfies Record<Need, () => Promise<FoundProgram | MissingProgram>>;

export const isNeed = (name: string): name is Need => name in FINDERS;

/**
 * The needs that are missing on this machine, with the reasons. `PARLEY_TEST_WITHOUT` (comma-separated needs) disables
 * some on purpose.
 */
export async function findMissing(
  without = process.env.PARLEY_TEST_WITHOUT ?? '',
): Promise<Partial<Record<Need, MissingProgram>>> {
  const disabled = without.split(',').map((name) => name.trim());
  const entries = await Promise.all(
    Object.entries(FINDERS).map(async ([need, find]) => {
      const found = disabled.includes(need)
        ? { missing: 'PARLEY_TEST_WITHOUT disables it.', remedy: 'Unset PARLEY_TEST_WITHOUT.' }
        : await find();
      return 'missing' in found ? [[need, found] as const] : [];
    }),
  );
  return Object.fromEntries(entries.flat());
}
