import { expect, test } from 'vitest';
import { fuzz } from './run.ts';

/** A new seed every day; PARLEY_FUZZ_SEED and PARLEY_FUZZ_STEPS repeat a failure or search longer. */
const seed = Number(process.env['PARLEY_FUZZ_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const steps = Number(process.env['PARLEY_FUZZ_STEPS'] ?? 10_000);

test(`nothing is lost, doubled or out of order in ${steps} steps of seed ${seed}`, { timeout: 600_000 }, async () => {
  expect(await fuzz({ steps, seed })).toBeGreaterThan(steps * 0.7);
});
