import { ProtocolClient } from '@parley/testing';
import type { SeededUser } from '../servers/population.ts';
import { sessionHeaders } from '../servers/parley.ts';

/** Milliseconds that each of so many calls took, one after another, sorted. */
export async function timesOf(calls: number, call: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}

export const percentileOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

export function openClient(port: number, user: SeededUser): Promise<ProtocolClient> {
  const { Cookie: cookie = '' } = sessionHeaders(user);
  return ProtocolClient.connect(`ws://127.0.0.1:${port}/ws`, { cookie });
}
