import { SESSION_COOKIE, PROTOCOL_VERSION, WEBSOCKET_PATH, LIMITS } from '@parley/protocol';
import type { RoomEvent, RoomId, RoomSummary, UserId } from '@parley/protocol';
import { ProtocolClient, type SignedIn } from '@parley/testing';
import type { Truth } from './observation.ts';
import type { System } from './system.ts';

/** What clients that come now are told: the lists of all people, and the logs of all rooms. */
export async function fetchTruth(
  system: System,
  people: readonly SignedIn[],
  founders: ReadonlyMap<RoomId, ReadonlySet<UserId>>,
): Promise<Truth> {
  const logs = new Map<RoomId, readonly RoomEvent[]>();
  const rooms = new Map<UserId, readonly RoomSummary[]>();
  await Promise.all(
    people.map(async ({ cookie, user }, index) => {
      const url = system.urls[index % system.urls.length] ?? '';
      const client = await ProtocolClient.connect(url.replace(/^http/, 'ws') + WEBSOCKET_PATH, { cookie });
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
  // Nobody is left in the others: they have no reader but the database.
  const [messages] = system.services.messages;
  for (const roomId of founders.keys()) {
    if (logs.has(roomId)) continue;
    const limit = LIMITS.eventsPerPage;
    logs.set(roomId, await fetchLog((after) => messages.getMissedEvents({ roomId, after, limit })));
  }
  return { logs, rooms, founders };
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

/** As the Cookie header of the person's browser. */
export const cookieOf = (token: string): string => `${SESSION_COOKIE}=${token}`;
