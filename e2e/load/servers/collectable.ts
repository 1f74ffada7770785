import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from './process-usage.ts';
import type { MeasuredProcess } from './server-under-test.ts';

/** Environment of a process whose memory can be asked for. */
export const COLLECTABLE = {
  NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'collect-on-signal.ts')).href}`,
};

const COLLECTIONS = 3;
const COLLECTED_AFTER_MS = 700;

/** Bytes resident in those that hold connections, without garbage. */
export async function residentAfterCollection(processes: readonly MeasuredProcess[]): Promise<number> {
  const holders = processes.filter(({ holdsConnections }) => holdsConnections);
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    for (const { pid } of holders) process.kill(pid, 'SIGUSR2');
    await sleep(COLLECTED_AFTER_MS);
  }
  return (await Promise.all(holders.map(({ pid }) => residentBytes(pid)))).reduce((sum, bytes) => sum + bytes, 0);
}
