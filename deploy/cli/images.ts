/**
 * `npm run images [-- --previous <gateway image>]`: the images parley-gateway, parley-room, parley-message and
 * parley-standalone, tagged with the version in package.json. `--previous` names the gateway image of the release before,
 * whose web assets are carried along.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawnSync } from 'node:child_process';

const SERVICES = ['gateway', 'room', 'message', 'standalone'] as const;

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({ options: { previous: { type: 'string' } } });
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };

for (const service of SERVICES) {
  const tag = `parley-${service}:${version}`;
  const previous = values.previous === undefined ? [] : ['--build-arg', `PREVIOUS_IMAGE=${values.previous}`];
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
