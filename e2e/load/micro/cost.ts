import type { HotPath } from './paths.ts';

const ROUNDS = 12;
const ROUND_MS = 60;

/** Processor microseconds of one run: the cheapest of several rounds, since whatever else the machine does only adds. */
export async function costOf(path: HotPath): Promise<number> {
  const runs = await runsWithin(path, ROUND_MS);
  let cheapest = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < runs; n += 1) await path.run();
    const { user, system } = process.cpuUsage(before);
    cheapest = Math.min(cheapest, (user + system) / runs);
  }
  return cheapest;
}

/** Also what warms it up. */
async function runsWithin(path: HotPath, milliseconds: number): Promise<number> {
  let runs = 0;
  for (const end = performance.now() + milliseconds; performance.now() < end; runs += 1) await path.run();
  return Math.max(1, runs);
}

/** Which costs are more than so many times what is expected of them, as sentences. */
export function regressions(
  costs: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
  tolerance: number,
): string[] {
  return Object.entries(costs).flatMap(([name, cost]) => {
    const usual = expected[name];
    if (usual === undefined) return [`${name}: nothing is expected of it yet.`];
    return cost <= usual * tolerance ? [] : [`${name}: ${cost.toFixed(1)} instead of ${usual.toFixed(1)}.`];
  });
}
