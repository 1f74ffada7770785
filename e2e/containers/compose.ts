import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { freePort } from '@parley/testing/servers';
import { documented, runInShell } from '../harness/documented.ts';
import { docker, firstAtHand, imageOf, root } from './docker.ts';

const mongoImage = async (): Promise<string> =>
  process.env.PARLEY_MONGO_IMAGE ?? (await firstAtHand('mongo:8.0', 'mongo:6.0'));

/** Whether MongoDB's image holds its tools for backups, as the official ones do. */
export const hasMongoTools = async (): Promise<boolean> => {
  const look = 'command -v mongodump >/dev/null && command -v mongorestore >/dev/null && echo both || echo no';
  return (await docker('run', '--rm', '--entrypoint', 'sh', await mongoImage(), '-c', look)) === 'both';
};

/** `docker compose`, else docker-compose. */
const composeCommand = (): Promise<string> =>
  docker('compose', 'version').then(
    () => 'docker compose',
    () => 'docker-compose',
  );

/** The settings as an operator makes them. */
async function makeSettings(): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-compose-'));
  try {
    await copyFile(join(root, 'deploy', '.env.example'), join(folder, '.env.example'));
    const command = documented(
      'cp .env.example .env && sed -i "s|^PARLEY_INTERNAL_TOKEN=.*|PARLEY_INTERNAL_TOKEN=$(openssl rand -base64 32)|" .env',
    );
    await runInShell(command, { cwd: folder });
    return parseEnv(await readFile(join(folder, '.env'), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** deploy/compose.yaml under a project name and a port of its own. */
export class ComposeProject {
  readonly name = `parley-${randomBytes(4).toString('hex')}`;
  readonly url: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #command: string;

  private constructor(port: number, command: string, env: NodeJS.ProcessEnv) {
    this.url = `http://127.0.0.1:${port}`;
    this.#command = `${command} --file deploy/compose.yaml --project-name ${this.name}`;
    this.#env = { ...env, PARLEY_PORT: String(port) };
  }

  /** Nothing runs yet. Images that are not ours are those at hand, as no registry need be in reach. */
  static async prepare(): Promise<ComposeProject> {
    const [port, command, settings, mongo, balancer] = await Promise.all([
      freePort(),
      composeCommand(),
      makeSettings(),
      mongoImage(),
      firstAtHand('nginx:1.28', 'nginx:1.22'),
    ]);
    return new ComposeProject(port, command, {
      ...settings,
      PARLEY_DRAIN_SECONDS: '2',
      PARLEY_MONGO_CACHE_GB: '0.25',
      PARLEY_MONGO_IMAGE: mongo,
      PARLEY_BALANCER_IMAGE: process.env.PARLEY_BALANCER_IMAGE ?? balancer,
      PARLEY_GATEWAY_IMAGE: imageOf('gateway'),
      PARLEY_ROOM_IMAGE: imageOf('room'),
      PARLEY_MESSAGE_IMAGE: imageOf('message'),
    });
  }

  /** Everything, or with `gateways` that many of them; resolves when people are let in. */
  async up({ gateways = 2 }: { gateways?: number } = {}): Promise<void> {
    const scaled = { 'gateway=3': `gateway=${gateways}` };
    await this.#compose(
      gateways === 2
        ? documented('docker compose up -d')
        : documented('docker compose up -d --scale gateway=3', scaled),
    );
    const deadline = Date.now() + 90_000;
    for (;;) {
      const ready = await Promise.all((await this.containers('gateway')).map(isReady));
      const answer = await fetch(this.url).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok && ready.length === gateways && ready.every(Boolean)) return;
      if (Date.now() > deadline)
        throw new Error(`Parley did not come up:\n${await this.#compose('docker compose logs --tail 20')}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Ids of the containers that run that service, or of all that run. */
  async containers(service?: string): Promise<string[]> {
    const labels = [`com.docker.compose.project=${this.name}`];
    if (service !== undefined) labels.push(`com.docker.compose.service=${service}`);
    const ids = await docker('ps', '--quiet', ...labels.flatMap((label) => ['--filter', `label=${label}`]));
    return ids.split('\n').filter(Boolean);
  }

  /** Resolves when MongoDB's tool has written all data into that file. */
  async backUp(file: string): Promise<void> {
    const command = documented(
      "docker compose exec -T mongo-1 mongodump --uri 'mongodb://mongo-1,mongo-2,mongo-3/?replicaSet=parley' --oplog --archive --gzip > parley.archive.gz",
      { 'parley.archive.gz': file },
    );
    await this.#compose(command);
  }

  /** Resolves when the data are those of that file again, and people are let in. */
  async restore(file: string): Promise<void> {
    await this.#compose(documented('docker compose stop gateway room message'));
    const command = documented(
      "docker compose exec -T mongo-1 mongorestore --uri 'mongodb://mongo-1,mongo-2,mongo-3/?replicaSet=parley' --oplogReplay --drop --archive --gzip < parley.archive.gz",
      { 'parley.archive.gz': file },
    );
    await this.#compose(command);
    await this.up();
  }

  /** Everything, its data too. */
  async down(): Promise<void> {
    await this.#compose(documented('docker compose down --volumes'));
  }

  /** Whatever the engine still keeps of this project. */
  async remains(): Promise<string> {
    const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${this.name}`];
    const kept = await Promise.all([
      docker('ps', '--all', ...filter),
      docker('volume', 'ls', ...filter),
      docker('network', 'ls', ...filter),
    ]);
    return kept.filter(Boolean).join('\n');
  }

  #compose(command: string): Promise<string> {
    return runInShell(
      command.replace('docker compose', () => this.#command),
      { env: this.#env },
    );
  }
}

const isReady = (container: string): Promise<boolean> =>
  inService(container, `await fetch('http://127.0.0.1:9090/readyz').then(({ ok }) => ok)`).then(
    (answer) => answer === 'true',
    () => false,
  );

/** The value of a JavaScript expression inside one of Parley's containers. */
export const inService = (container: string, expression: string): Promise<string> =>
  docker('exec', container, 'node', '--input-type=module', '--eval', `console.log(${expression})`);
