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

/** Runs the container in the foreground of a docker client, which forwards SIGTERM and ends soon after the container. */
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
  // Mostly there is none, and `docker rm` fails.
  await run(docker, ['rm', '--force', '--volumes', name]).catch(() => undefined);
}

/** The docker client, if its engine answers. */
export async function findDocker(): Promise<string | undefined> {
  const engine = await findContainerEngine();
  return 'missing' in engine ? undefined : engine.command;
}

/** The first image that the engine has, or else the first of all, pulled. Rejects when the pull fails. */
export async function chooseImage(docker: string, images: readonly string[]): Promise<string> {
  for (const image of images) {
    if (await hasImage(docker, image)) return image;
  }
  const [image] = images;
  if (image === undefined) throw new Error('There is no image to run.');
  await run(docker, ['pull', '--quiet', image], { timeout: PULL_MS }).catch((error: unknown) => {
    const reason = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new Error(`${image} cannot be pulled (${reason ?? (error as Error).message}).`);
  });
  return image;
}

const hasImage = (docker: string, image: string): Promise<boolean> =>
  run(docker, ['image', 'inspect', image]).then(
    () => true,
    () => false,
  );

/** The current user, who then owns the data. */
const ownUser = (): string => `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
