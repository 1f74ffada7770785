/** `npm run seed [-- --url http://…]`: fills a running Parley with demo data over its own API. */
import { randomUUID } from 'node:crypto';
import type { MessageId, RoomId, UserId } from '@parley/protocol';
import { ProtocolClient, signIn, signUp, WireFailure } from '@parley/testing';
import { defineCommand, parseCommandLine } from '../../deploy/cli/command-line.ts';
import { PEOPLE, ROOMS, type PersonKey } from './seed-script.ts';

const PASSWORD = 'parley-demo-password';

const SEED = defineCommand({
  name: 'npm run seed',
  summary: `Fills a running Parley with demo users, rooms and messages, over its own API. Run again, it logs in as the same users
and creates the rooms again.`,
  options: {
    url: {
      type: 'string',
      default: `http://127.0.0.1:${process.env.PARLEY_PORT ?? '8080'}`,
      description: 'The address of Parley.',
    },
  },
  examples: ['npm run seed -- --url http://127.0.0.1:8090'],
});

/** Only the origin: a trailing slash or a path is not part of the addresses of the API. */
const url = parseCommandLine(SEED, (given) => {
  if (!URL.canParse(given.url) || !/^https?:/.test(given.url)) throw new Error(`'${given.url}' is not an http URL`);
  return new URL(given.url).origin;
});

interface Seeded {
  readonly userId: UserId;
  readonly client: ProtocolClient;
}

async function enter(person: (typeof PEOPLE)[number]): Promise<Seeded> {
  const email = `${person.key}@observatory.example`;
  const account = { email, password: PASSWORD, displayName: person.displayName };
  const { cookie, user } = await signUp(url, account).catch(() => signIn(url, account));
  const client = await ProtocolClient.connect(`${url.replace(/^http/, 'ws')}/ws`, { cookie, origin: url });
  await client.command('create_connection', { protocol: 1 });
  return { userId: user.userId, client };
}

/** Sends it again for as long as the server asks for patience. */
async function patiently<Result>(send: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof WireFailure) || error.code !== 'rate_limited') throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 1_000));
    }
  }
}

async function seed(): Promise<void> {
  const people = new Map<PersonKey, Seeded>();
  for (const person of PEOPLE) people.set(person.key, await enter(person));
  const seeded = (key: PersonKey): Seeded => {
    const found = people.get(key);
    if (!found) throw new Error(`${key} is in no list of people.`);
    return found;
  };
  for (const { name, members, lines } of ROOMS) {
    const [creator, ...others] = members.map(seeded);
    if (!creator) continue;
    const roomId = randomUUID() as RoomId;
    const memberIds = others.map(({ userId }) => userId);
    await creator.client.command('create_room', { roomId, memberIds, ...(name === null ? {} : { name }) });
    for (const [author, text] of lines) {
      const messageId = randomUUID() as MessageId;
      await patiently(() => seeded(author).client.command('create_message', { roomId, messageId, text }));
    }
  }
  await Promise.all([...people.values()].map(({ client }) => client.close()));
}

try {
  await seed();
  const emails = PEOPLE.map(({ key }) => `${key}@observatory.example`).join(', ');
  process.stdout.write(`Seeded ${url}. Log in as one of ${emails} with the password ${PASSWORD}\n`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Nothing (more) could be seeded into ${url}: ${reason}. Is Parley running there?\n`);
  process.exitCode = 1;
}
