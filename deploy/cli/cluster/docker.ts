import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findContainerEngine, startServerProcess, type ServerProcess } from '@parley/testing/servers';

const run = promisify(execFile);
const PULL_MS = 300_000;

export interface ContainerOptions {
  readonly docker: string;
  readonly image: string;
  readonly name: string;
  /** The same inside and outside. */
  readonly port: number;
  /** Folder outside → folder inside. */
  readonly volume?: readonly [string, string];
  readonly command: readonly string[];
}

/** Runs in the foreground of a docker client, which passes SIGTERM on and which the container does not outlive for long. */
export function runContainer(options: ContainerOptions): Promise<ServerProcess> {
  const { docker, image, name, port, volume, command } = options;
  const [program = '', ...args] = command;
  return startServerProcess({
    command: docker,
    args: [
      ...['run', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:${port}`],
      ...(volume === undefined ? [] : ['--volume', volume.join(':'), '--user', ownUser()]),
      ...['--entrypoint', program, image, ...args],
    ],
    signalWhenOrphaned: 'TERM',
  });
}

export async function removeContainer(docker: string, name: string): Promise<void> {
  // There is none in most cases, and `docker rm` says so by failing.
  await run(docker, ['rm', '--force', '--volumes', name]).catch(() => undefined);
}

/** The docker client, when an engine answers it. */
export async function findDocker(): Promise<string | undefined> {
  const engine = await findContainerEngine();
  return 'missing' in engine ? undefined : engine.command;
}

/** The first of the images that the engine has; else the first, pulled. Rejects when that fails. */
export async function chooseImage(docker: string, images: readonly string[]): Promise<string> {
  for (const image of images) {
    if (await hasImage(docker, image)) return image;
  }
  const [image] = images;
  if (image === undefined) throw new Error('No image is named.');
  await run(docker, ['pull', '--quiet', image], { timeout: PULL_MS }).catch((error: unknown) => {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new Error(`${image} cannot be pulled (${said ?? (error as Error).message}).`);
  });
  return image;
}

const hasImage = (docker: string, image: string): Promise<boolean> =>
  run(docker, ['image', 'inspect', image]).then(
    () => true,
    () => false,
  );

/** So that the data belongs to whoever starts the cluster. */
const ownUser = (): string => `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
