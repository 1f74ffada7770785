import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildImage, docker, firstAtHand, imageOf, root } from '../containers/docker.ts';

const run = promisify(execFile);

export const SERVICES = ['gateway', 'room', 'message'] as const;

export type ServiceName = (typeof SERVICES)[number];

/** Those that the small overlay names, and the first of these that the container engine has. */
const DATABASES = {
  'mongo:8.0': ['mongo:8.0', 'mongo:6.0'],
  'valkey/valkey:9': ['valkey/valkey:9'],
} as const;

/** Brings images from the container engine into the cluster: a command that is given their names. */
const loader = process.env.PARLEY_KUBERNETES_LOAD ?? join(root, '..', 'shared', 'kubernetes', 'load.sh');

/** As a release that changed nothing but its name: another tag and another image. */
export const nextImageOf = (service: ServiceName): string => `${imageOf(service)}-next`;

/** The images of the small overlay by those that stand for them in the cluster, once they are there. */
export async function loadImages(): Promise<ReadonlyMap<string, string>> {
  await Promise.all(SERVICES.map(buildNext));
  const stand: [string, string][] = [];
  for (const [image, [preferred, ...others]] of Object.entries(DATABASES)) {
    stand.push([image, await firstAtHand(preferred, ...others)]);
  }
  const ours = SERVICES.flatMap((service) => [imageOf(service), nextImageOf(service)]);
  // Without a loader the cluster has the engine's images anyway, as the one of Docker Desktop does.
  if (existsSync(loader)) await run(loader, [...ours, ...stand.map(([, image]) => image)], { maxBuffer: 2 ** 26 });
  return new Map(stand);
}

export async function removeNextImages(): Promise<void> {
  await docker('image', 'rm', '--force', ...SERVICES.map(nextImageOf));
}

const buildNext = (service: ServiceName): Promise<void> =>
  buildImage(nextImageOf(service), [
    `FROM ${imageOf(service)}`,
    `LABEL org.opencontainers.image.title="the next ${service}"`,
  ]);
