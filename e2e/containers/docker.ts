import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const root = join(import.meta.dirname, '..', '..');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

export type ImageName = 'gateway' | 'room' | 'message' | 'standalone';

/** As `npm run images` tags them. */
export const imageOf = (name: ImageName): string => `parley-${name}:${version}`;

/** What `docker …` prints. Throws with what it complains of. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', [...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** An image of a Dockerfile that copies nothing. */
export async function buildImage(tag: string, dockerfile: readonly string[]): Promise<void> {
  const building = run('docker', ['build', '--tag', tag, '-'], { maxBuffer: 64 * 1024 * 1024 });
  building.child.stdin?.end(dockerfile.join('\n'));
  await building;
}

/** The container's exit code and how it ran, as `docker inspect` tells. */
export interface Inspected {
  readonly State: { readonly Running: boolean; readonly ExitCode: number };
  readonly Config: { readonly User: string };
  readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly CapDrop: readonly string[] | null };
}

export async function inspect(container: string): Promise<Inspected> {
  const [inspected] = JSON.parse(await docker('inspect', container)) as Inspected[];
  if (inspected === undefined) throw new Error(`There is no container ${container}.`);
  return inspected;
}

/** The first of these images that the engine has; the first of all where it has none, to be pulled. */
export async function firstAtHand(preferred: string, ...others: readonly string[]): Promise<string> {
  for (const image of [preferred, ...others]) {
    const found = await docker('image', 'inspect', '--format', '{{.Id}}', image).catch(() => '');
    if (found !== '') return image;
  }
  return preferred;
}
