import type { MessageApi } from '@parley/contracts';
import { LIMITS, PROTOCOL_VERSION, type RoomEvent, type RoomId, type RoomSummary, type UserId } from '@parley/protocol';
import { ProtocolClient, type SignedIn } from '@parley/testing';
import { webSocketUrl } from '../../harness/test-user.ts';
import type { Truth } from './observation.ts';

export interface TruthOptions {
  /** Of the gateway that is asked. */
  readonly url: string;
  readonly people: readonly SignedIn[];
  readonly founders: Truth['founders'];
  /** Reads the logs of rooms that nobody is left in; without it they are left out. */
  readonly messages?: Pick<MessageApi, 'getMissedEvents'>;
}

/** What new clients receive: the lists of all users, and the logs of all rooms. */
export async function fetchTruth({ url, people, founders, messages }: TruthOptions): Promise<Truth> {
  const logs = new Map<RoomId, readonly RoomEvent[]>();
  const rooms = new Map<UserId, readonly RoomSummary[]>();
  await Promise.all(
    people.map(async ({ cookie, user }) => {
      const client = await ProtocolClient.connect(webSocketUrl(url), { cookie });
      const list = await fetchRooms(client);
      rooms.set(user.userId, list);
      for (const { roomId } of list) {
        if (logs.has(roomId)) continue;
        logs.set(roomId, []);
        logs.set(roomId, await fetchLog((after) => client.command('get_events', { roomId, after })));
      }
      await client.close();
    }),
  );
  for (const roomId of founders.keys()) {
    if (messages === undefined || logs.has(roomId)) continue;
    const limit = LIMITS.eventsPerPage;
    logs.set(roomId, await fetchLog((after) => messages.getMissedEvents({ roomId, after, limit })));
  }
  return { logs, rooms, founders };
}

/** The lists of rooms that these people get who come now. */
export async function fetchRoomLists(url: string, people: readonly SignedIn[]): Promise<Truth['rooms']> {
  const lists = people.map(async ({ cookie, user }) => {
    const client = await ProtocolClient.connect(webSocketUrl(url), { cookie });
    const list = await fetchRooms(client);
    await client.close();
    return [user.userId, list] as const;
  });
  return new Map(await Promise.all(lists));
}

async function fetchRooms(client: ProtocolClient): Promise<RoomSummary[]> {
  const first = await client.command('create_connection', { protocol: PROTOCOL_VERSION });
  const rooms = [...first.rooms];
  for (let after = first.next; after !== undefined;) {
    const page = await client.command('get_user_rooms', { after });
    rooms.push(...page.rooms);
    after = page.next;
  }
  return rooms;
}

type ReadPage = (after: number) => Promise<{ readonly events: readonly RoomEvent[]; readonly head: number }>;

async function fetchLog(read: ReadPage): Promise<RoomEvent[]> {
  const log: RoomEvent[] = [];
  for (;;) {
    const { events, head } = await read(log.at(-1)?.seq ?? 0);
    log.push(...events);
    if (events.length === 0 || (log.at(-1)?.seq ?? 0) >= head) return log;
  }
}
