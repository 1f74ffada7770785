import { shortNumber } from '../report/numbers.ts';
import { makeRoom, makeUser } from '../servers/population.ts';
import { openClient, percentileOf, timesOf } from './asking.ts';
import { parleyKinds, type ParleyKind } from './parley-kinds.ts';
import type { Scenario } from './scenario.ts';

const OTHERS = 4;

/** A user with many rooms reconnects. */
export const loginScenario: Scenario = {
  name: 'login',
  title: 'Coming back with many rooms',
  async run({ candidates, quick, say }) {
    const sizes = quick ? [10, 500] : [125, 250, 500, 1_000];
    const rows: string[][] = [];
    for (const kind of parleyKinds(candidates)) {
      for (const rooms of sizes) {
        rows.push(await measureLogin(kind, rooms, quick ? 5 : 20));
        say(`  ${rows.at(-1)?.join(' | ')}`);
      }
    }
    return {
      text:
        'From the first byte of the upgrade to the answer of `create_connection` with all rooms (with a last message each, ' +
        'the newest first, in one answer up to 256 KiB): one round trip after the upgrade. Each time on a new connection.',
      columns: ['server', 'rooms', 'in the first answer', 'p50 ms', 'p90 ms'],
      rows,
      charts: [],
      notes: [],
    };
  },
};

async function measureLogin({ name, start }: ParleyKind, count: number, calls: number): Promise<string[]> {
  const parley = await start();
  try {
    const users = Array.from({ length: OTHERS + 1 }, (_, index) => makeUser(index));
    const rooms = Array.from({ length: count }, (_, index) => makeRoom(index, users));
    await parley.seed({ users, rooms });
    const [user] = users;
    if (user === undefined) throw new Error('Nobody was seeded.');
    for (const { roomId } of rooms) {
      await parley.seedHistory({ roomId, userId: user.userId, messages: 3, messageBytes: 300 });
    }
    let answered = 0;
    const comeBack = async (): Promise<void> => {
      const client = await openClient(parley.ports[0] ?? 0, user);
      answered = (await client.command('create_connection', { protocol: 1 })).rooms.length;
      await client.close();
    };
    await timesOf(3, comeBack);
    const times = await timesOf(calls, comeBack);
    const percentiles = [0.5, 0.9].map((share) => shortNumber(percentileOf(times, share)));
    return [name, shortNumber(count), shortNumber(answered), ...percentiles];
  } finally {
    await parley.stop();
  }
}
