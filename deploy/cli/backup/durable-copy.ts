import { copyFile, mkdir, open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Copies a file so that it is there whole and prepared, also after a power cut, or not at all. */
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

/** Makes a folder last, with all that is in it. */
export async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    await (entry.isDirectory() ? syncTree(inside) : sync(inside));
  }
  await sync(path);
}

/** Of a file or of a folder. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
