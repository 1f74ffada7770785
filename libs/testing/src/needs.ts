import {
  findBrowser,
  findContainerEngine,
  findKubernetes,
  findPromtool,
  findServer,
  type Found,
  type Missing,
} from './servers/find-server.ts';

/** What a test may need beyond Node. */
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
} as const satisfies Record<Need, () => Promise<Found | Missing>>;

export const isNeed = (name: string): name is Need => name in FINDERS;

/**
 * What cannot be had on this machine, and why. `PARLEY_TEST_WITHOUT` (needs, separated by commas) leaves some out on
 * purpose.
 */
export async function findMissing(
  without = process.env.PARLEY_TEST_WITHOUT ?? '',
): Promise<Partial<Record<Need, Missing>>> {
  const left = without.split(',').map((name) => name.trim());
  const entries = await Promise.all(
    Object.entries(FINDERS).map(async ([need, find]) => {
      const found = left.includes(need)
        ? { missing: 'PARLEY_TEST_WITHOUT leaves it out.', remedy: 'Unset PARLEY_TEST_WITHOUT.' }
        : await find();
      return 'missing' in found ? [[need, found] as const] : [];
    }),
  );
  return Object.fromEntries(entries.flat());
}
