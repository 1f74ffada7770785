import type { RoomId } from '@parley/protocol';
import { shortNumber } from '../report/numbers.ts';
import { groupsWithRooms } from '../servers/population.ts';
import { openClient, percentileOf, timesOf } from './asking.ts';
import { parleyKinds, type ParleyKind } from './parley-kinds.ts';
import type { Scenario } from './scenario.ts';

const PAGE = 50;

/** The same page, wherever it is. */
export const historyScenario: Scenario = {
  name: 'history',
  title: 'History: pages of a room with 1,000,000 messages',
  async run({ candidates, quick, say }) {
    const sizes = quick ? [1_000, 10_000] : [1_000, 1_000_000];
    const rows: string[][] = [];
    for (const kind of parleyKinds(candidates)) {
      for (const messages of sizes) {
        rows.push(await measureHistory(kind, messages, quick ? 50 : 200));
        say(`  ${rows.at(-1)?.join(' | ')}`);
      }
    }
    return {
      text:
        `One person reads pages of ${PAGE} messages of 300 bytes, one after another, over the WebSocket: those at the end, in ` +
        'the middle and at the start of the room, and the events after a place in the middle, as after a lost connection.',
      columns: ['server', 'messages', 'end, p50 ms', 'middle', 'start', 'events, middle', 'end, p99 ms'],
      rows,
      charts: [],
      notes: [],
    };
  },
};

async function measureHistory({ name, start }: ParleyKind, messages: number, calls: number): Promise<string[]> {
  const parley = await start();
  try {
    const people = groupsWithRooms({ rooms: 1, members: 2 });
    await parley.seed(people);
    const [user] = people.users;
    const [room] = people.rooms;
    if (user === undefined || room === undefined) throw new Error('Nobody was seeded.');
    await parley.seedHistory({ roomId: room.roomId, userId: user.userId, messages, messageBytes: 300 });
    const client = await openClient(parley.ports[0] ?? 0, user);
    await client.command('create_connection', { protocol: 1 });
    const roomId = room.roomId as RoomId;
    const page = (before?: number) => () =>
      client.command('get_messages', { roomId, limit: PAGE, ...(before === undefined ? {} : { before }) });
    const middle = Math.floor(messages / 2);
    // The first calls find nothing compiled and nothing cached.
    await timesOf(20, page());
    const end = await timesOf(calls, page());
    const others = [
      await timesOf(calls, page(middle)),
      await timesOf(calls, page(PAGE + 1)),
      await timesOf(calls, () => client.command('get_events', { roomId, after: middle, limit: PAGE })),
    ];
    await client.close();
    const p50s = [end, ...others].map((times) => shortNumber(percentileOf(times, 0.5)));
    return [name, shortNumber(messages), ...p50s, shortNumber(percentileOf(end, 0.99))];
  } finally {
    await parley.stop();
  }
}
