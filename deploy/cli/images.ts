/** `npm run images [-- --previous <image>]`: builds the container images. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineCommand, parseCommandLine } from './command-line.ts';

const SERVICES = ['gateway', 'room', 'message', 'standalone'] as const;

const IMAGES = defineCommand({
  name: 'npm run images',
  summary: `Builds the container images parley-gateway, parley-room, parley-message and parley-standalone, tagged with the
version in package.json.`,
  options: {
    previous: {
      type: 'string',
      value: 'image',
      description: 'The gateway image of the previous release. Its web assets are kept for pages that are still open.',
    },
  },
  examples: ['npm run images -- --previous parley-gateway:0.1.0'],
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const { previous: previousImage } = parseCommandLine(IMAGES);
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };

for (const service of SERVICES) {
  const tag = `parley-${service}:${version}`;
  const previous = previousImage === undefined ? [] : ['--build-arg', `PREVIOUS_IMAGE=${previousImage}`];
  const { status, error } = spawnSync(
    'docker',
    // A build's own network often cannot reach the registry through the host's proxy or resolver.
    [
      'build',
      '--network',
      'host',
      '--file',
      'deploy/Dockerfile',
      '--build-arg',
      `SERVICE=${service}`,
      ...previous,
    ].concat(['--tag', tag, '.']),
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) {
    process.stderr.write(`${tag} could not be built${error === undefined ? '' : `: ${error.message}`}.\n`);
    process.exit(1);
  }
  process.stdout.write(`${tag}\n`);
}
