import { expect, test } from 'vitest';
import { faultyCandidate, type Fault } from '../testing/faulty-server.ts';
import { talkTo, type Talk } from './talk.ts';

const talk: Talk = {
  population: { rooms: 1, members: 3 },
  pattern: { kind: 'window', inFlight: 4 },
  messageBytes: 64,
  warmUpSeconds: 0.2,
  seconds: 0.2,
  generators: 1,
};
const run = (fault: Fault, changes: Partial<Talk> = {}) => talkTo(faultyCandidate(fault), { ...talk, ...changes });

test('a server that delivers everything gets its figures', async () => {
  const { counts } = await run('none');
  expect(counts.deliveries).toBeGreaterThan(0);
  expect(counts.latencies.total).toBe(counts.deliveries);
});

test('several processes share a room', async () => {
  const { counts } = await run('none', { generators: 2, pattern: { kind: 'rate', perSecond: 200 } });
  expect(counts.deliveries).toBeGreaterThan(0);
});

test.each<Fault>(['lost', 'doubled', 'swapped'])('a message that is %s for one member fails the run', async (fault) => {
  // A rate goes on whatever is missing: what comes after the fault shows it.
  await expect(run(fault, { pattern: { kind: 'rate', perSecond: 200 } })).rejects.toThrow(/lost|doubled|swapped/);
});
