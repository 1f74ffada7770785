import { readFile } from 'node:fs/promises';
import type { MeasuredProcess } from './server-under-test.ts';

/** Of /proc/PID/stat; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor seconds that a process has used so far, with those of its threads and of the kernel for it. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** Processor seconds by label since a moment. */
export interface Usage {
  readonly total: number;
  readonly byLabel: Readonly<Record<string, number>>;
}

/** Starts to count; the returned function tells what was used since. */
export async function countUsage(processes: readonly MeasuredProcess[]): Promise<() => Promise<Usage>> {
  const before = await Promise.all(processes.map(({ pid }) => cpuSeconds(pid)));
  return async () => {
    const after = await Promise.all(processes.map(({ pid }) => cpuSeconds(pid)));
    const byLabel: Record<string, number> = {};
    let total = 0;
    for (const [index, { label }] of processes.entries()) {
      const used = (after[index] ?? 0) - (before[index] ?? 0);
      byLabel[label] = (byLabel[label] ?? 0) + used;
      total += used;
    }
    return { total, byLabel };
  };
}
