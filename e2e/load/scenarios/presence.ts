import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { StormMember } from '../generator/storm-member.ts';
import { shortNumber } from '../report/numbers.ts';
import { sessionHeaders, startParleyCluster } from '../servers/parley.ts';
import { groupsWithRooms } from '../servers/population.ts';
import { countUsage } from '../servers/process-usage.ts';
import type { Scenario } from './scenario.ts';

const MEMBERS = 100;
const ROOMS_EACH = 10;
const SPREAD_MS = 30_000;
/** Longer than a connection that closed is kept for its person to come back. */
const GRACE_MS = 12_000;
const SERVER = 'Parley 2 gateways';

interface Absence {
  readonly name: string;
  /** Between the end of a connection and the next one of its person. */
  readonly milliseconds: number;
}

const ABSENCES: readonly Absence[] = [
  { name: 'at once', milliseconds: 0 },
  { name: 'after 15 s', milliseconds: 15_000 },
];

/** Everybody changes the gateway within half a minute, as when a gateway is replaced. */
export const presenceScenario: Scenario = {
  name: 'presence',
  title: 'Presence: 5,000 people in 500 rooms reconnect within 30 s',
  async run({ candidates, quick, say }) {
    const rows: string[][] = [];
    const people = quick ? 500 : 5_000;
    if (candidates.some(({ name }) => name === SERVER)) {
      for (const row of await measurePresence(people)) {
        rows.push(row);
        say(`  ${row.join(' | ')}`);
      }
    }
    return {
      text:
        `Two gateways; everybody is in ${ROOMS_EACH} rooms of ${MEMBERS}. Each person's connection ends at some moment within 30 s and is made again ` +
        'through the other gateway. Commands are those that Redis did meanwhile, of all kinds; presence told is how many `presence_changed` all clients got together. ' +
        'The processor time is that of all of it, connecting included.',
      columns: [
        'they come back',
        'people',
        'Redis commands',
        'for each',
        'presence told',
        'Redis CPU, s',
        'gateways CPU, s',
        'everything CPU, s',
      ],
      rows,
      charts: [],
      notes: [],
    };
  },
};

async function measurePresence(count: number): Promise<string[][]> {
  const parley = await startParleyCluster(2);
  const redis = new Redis(parley.redisUrl);
  try {
    const people = groupsWithRooms({ rooms: count / MEMBERS, members: MEMBERS, roomsEach: ROOMS_EACH });
    await parley.seed(people);
    const members = people.users.map((user, index) => {
      const port = (turn: number): number => parley.ports[(index + turn) % parley.ports.length] ?? 0;
      const planned = (turn: number) => ({ port: port(turn), path: '/ws', headers: sessionHeaders(user) });
      return { planned, current: new StormMember(planned(0)) };
    });
    await Promise.all(members.map(({ current }) => spread().then(() => current.connect())));
    await sleep(GRACE_MS);
    const rows: string[][] = [];
    for (const [turn, { name, milliseconds }] of ABSENCES.entries()) {
      const [usageSince, commandsBefore] = [await countUsage(parley.processes), await commandsOf(redis)];
      const told = members.map(({ current }) => current.presenceTold);
      const heard = await Promise.all(
        members.map(async (member, index) => {
          await spread();
          const before = member.current.presenceTold - (told[index] ?? 0);
          member.current.close();
          await sleep(milliseconds);
          member.current = new StormMember(member.planned(turn + 1));
          await member.current.connect();
          return before;
        }),
      );
      await sleep(GRACE_MS);
      const usage = await usageSince();
      const commands = (await commandsOf(redis)) - commandsBefore;
      const changes = members.reduce((sum, { current }, index) => sum + current.presenceTold + (heard[index] ?? 0), 0);
      const gateways = usage.byLabel['gateway'] ?? 0;
      const inRedis = usage.byLabel['Redis'] ?? 0;
      rows.push([
        name,
        ...[count, commands, commands / count, changes, inRedis, gateways, usage.total].map(shortNumber),
      ]);
    }
    for (const { current } of members) current.close();
    return rows;
  } finally {
    redis.disconnect();
    await parley.stop();
  }
}

const spread = (): Promise<void> => sleep(Math.random() * SPREAD_MS);

async function commandsOf(redis: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
}
