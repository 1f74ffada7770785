import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, readConfig, uuidv7 } from '@parley/platform';
import type { ActionOk, MessageId, RoomId } from '@parley/protocol';
import { ProtocolClient, signUp, type SignedUp } from '@parley/testing';
import { onTestFinished } from 'vitest';
import { startStandalone, type Standalone, type StandaloneParts } from '../start.ts';

export interface Parley extends Standalone {
  readonly wsUrl: string;
  readonly dataDir: string;
}

/** On a free port. Without PARLEY_DATA_DIR its data folder is removed when it closes. */
export async function startParley(
  settings: Readonly<Record<string, string>> = {},
  parts: StandaloneParts = {},
): Promise<Parley> {
  const given = settings['PARLEY_DATA_DIR'];
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'parley-test-')));
  const config = readConfig('standalone', {
    PARLEY_PORT: '0',
    PARLEY_LOG_LEVEL: 'silent',
    PARLEY_LIMIT_SIGNUPS_PER_HOUR: '0',
    PARLEY_DATA_DIR: dataDir,
    ...settings,
  });
  const parley = await startStandalone(config, createLogger('test', config.logLevel), parts);
  return {
    ...parley,
    dataDir,
    wsUrl: `${parley.url.replace(/^http/, 'ws')}/ws`,
    async close() {
      await parley.close();
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A Parley that is closed after the running test. */
export async function parleyForTest(...given: Parameters<typeof startParley>): Promise<Parley> {
  const parley = await startParley(...given);
  onTestFinished(() => parley.close());
  return parley;
}

/** A folder that is removed after the running test. */
export async function folderForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestUser extends SignedUp {
  readonly client: ProtocolClient;
  readonly connected: ActionOk<'create_connection'>;
}

/** A new user, signed up and connected. */
export async function newTestUser(parley: Parley, displayName = 'Ada Lovelace'): Promise<TestUser> {
  return connect(parley, await signUp(parley.url, { displayName }));
}

/** A further connection of a user. */
export async function connect(parley: Parley, testUser: SignedUp): Promise<TestUser> {
  const client = await ProtocolClient.connect(parley.wsUrl, { cookie: testUser.cookie });
  const connected = await client.command('create_connection', { protocol: 1 });
  return { ...testUser, client, connected };
}

export const newRoomId = (): RoomId => uuidv7() as RoomId;
export const newMessageId = (): MessageId => uuidv7() as MessageId;

/** A new room of the creator with the others. Resolves when all of them have received it. */
export async function newRoom(creator: TestUser, ...others: readonly TestUser[]): Promise<RoomId> {
  const roomId = newRoomId();
  await creator.client.command('create_room', { roomId, memberIds: others.map(({ user }) => user.userId) });
  await Promise.all(others.map(({ client }) => client.waitFor((item) => isRoomCreated(item, roomId))));
  return roomId;
}

type Item = ProtocolClient['items'][number];

export function isRoomCreated(item: Item, roomId: RoomId): boolean {
  return 'event' in item && item.event === 'room_created' && item.data.room.roomId === roomId;
}

/** The entries of a room's log that a client received, in their order of arrival. */
export function entriesOf({ client }: Pick<TestUser, 'client'>, roomId: RoomId): { event: string; seq: number }[] {
  return client.items.flatMap((item) =>
    'seq' in item && item.roomId === roomId ? [{ event: item.event, seq: item.seq }] : [],
  );
}

export async function sendMessage(testUser: TestUser, roomId: RoomId, text: string): Promise<void> {
  await testUser.client.command('create_message', { roomId, messageId: newMessageId(), text });
}

/** Waits until the client has the room's entry with this seq. */
export async function waitForSeq({ client }: Pick<TestUser, 'client'>, roomId: RoomId, seq: number): Promise<void> {
  await client.waitFor((item) => 'seq' in item && item.roomId === roomId && item.seq === seq);
}
