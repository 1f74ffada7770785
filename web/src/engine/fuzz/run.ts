import fc from 'fast-check';
import { checkMoment, checkRest } from './invariants.ts';
import { walks, type StepTiming, type TimedStep } from './steps.ts';
import { World } from './world.ts';

export interface FuzzOptions {
  readonly steps: number;
  /** The seed of a printed run, to repeat it. */
  readonly seed: number;
  /** false: the first failing walk is not shortened. */
  readonly shrink?: boolean;
}

const STEPS_PER_WALK = 100;
const AT_REST: StepTiming = { turns: 'settled' };

/**
 * Walks about so many steps. Rejects with the seed and the shortest walk that breaks an invariant.
 * @returns how many steps it has walked
 */
export async function fuzz({ steps, seed, shrink = true }: FuzzOptions): Promise<number> {
  let walked = 0;
  const walk = fc.asyncProperty(walks(STEPS_PER_WALK), fc.nat(), async (timed, jitter) => {
    walked += timed.length;
    await run(timed, jitter);
  });
  await fc.assert(walk, { seed, numRuns: Math.ceil(steps / STEPS_PER_WALK), endOnFailure: !shrink });
  return walked;
}

async function run(walk: readonly TimedStep[], seed: number): Promise<void> {
  const world = new World(seeded(seed));
  for (const step of walk) {
    await world.take(step);
    checkMoment(world, step);
  }
  await world.heal();
  checkMoment(world, AT_REST);
  checkRest(world);
}

/** mulberry32: small, and good enough for jitter. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
