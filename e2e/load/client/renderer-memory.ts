import { readdir, readFile } from 'node:fs/promises';
import { residentBytes } from '../servers/process-usage.ts';

/** Bytes resident in all pages and workers of the browsers that this process has started. */
export async function rendererBytes(): Promise<number> {
  const renderers: number[] = [];
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    if (command.includes('--type=renderer')) renderers.push(pid);
  }
  const mine = renderers.filter((pid) => isBelow(pid, process.pid, parents));
  return (await Promise.all(mine.map(residentBytes))).reduce((sum, bytes) => sum + bytes, 0);
}

function isBelow(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === ancestor) return true;
  return false;
}
