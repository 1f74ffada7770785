import { copyFile, mkdir, open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Copies a file atomically and durably: after a power cut it is complete and prepared, or missing. */
export async function copyDurably(
  from: string,
  to: string,
  prepare: (copy: string) => void = () => undefined,
): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, `${to}.part`);
  prepare(`${to}.part`);
  await sync(`${to}.part`);
  await rename(`${to}.part`, to);
}

/** Syncs a folder and all that is in it to disk. */
export async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    await (entry.isDirectory() ? syncTree(inside) : sync(inside));
  }
  await sync(path);
}

/** Syncs a file or a folder to disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
