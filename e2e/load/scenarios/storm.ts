import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedMember } from '../generator/plan.ts';
import { StormMember } from '../generator/storm-member.ts';
import { shortNumber } from '../report/numbers.ts';
import { sessionHeaders } from '../servers/parley.ts';
import { groupsWithRooms, type SeededPeople } from '../servers/population.ts';
import { countUsage } from '../servers/process-usage.ts';
import { percentileOf } from './asking.ts';
import { parleyKinds, type ParleyKind } from './parley-kinds.ts';
import type { Scenario } from './scenario.ts';

const MEMBERS = 100;
const ROOMS_EACH = 10;
/** Those who are there before, one of each group, and talk all the time. */
const TALK_EVERY_MS = 1_000;
const SETTLE_MS = 30_000;

/** Everybody comes back at once, as after the restart of a gateway, while others talk. */
export const stormScenario: Scenario = {
  name: 'storm',
  title: 'Connect storm: 5,000 at once',
  async run({ candidates, quick, say }) {
    const rows: string[][] = [];
    for (const kind of parleyKinds(candidates)) {
      rows.push(await measureStorm(kind, quick ? 500 : 5_000));
      say(`  ${rows.at(-1)?.join(' | ')}`);
    }
    return {
      text:
        `Everybody opens a connection at the same moment and asks for their ${ROOMS_EACH} rooms of ${MEMBERS}, in which one of ` +
        'the members talks meanwhile, once a second. Every connection then has each entry of its rooms from the head it was told ' +
        'on, once and in order; else the run fails. The processor time is that of connecting and of these messages.',
      columns: [
        'server',
        'connections',
        'all have their rooms, s',
        'p50 s',
        'gateway CPU ms each',
        'of everything, ms each',
        'refused and tried again',
      ],
      rows,
      charts: [],
      notes: [],
    };
  },
};

async function measureStorm({ name, start }: ParleyKind, connections: number): Promise<string[]> {
  const parley = await start();
  const people = groupsWithRooms({ rooms: connections / MEMBERS, members: MEMBERS, roomsEach: ROOMS_EACH });
  await parley.seed(people);
  const members = people.users.map((user) => {
    const planned: PlannedMember = { port: parley.ports[0] ?? 0, path: '/ws', headers: sessionHeaders(user) };
    return new StormMember(planned);
  });
  const talkers = members.filter((_member, index) => index % MEMBERS === 0);
  const stopTalking = await startTalking(talkers);
  try {
    const usageSince = await countUsage(parley.processes);
    const startedAt = performance.now();
    const times = await Promise.all(
      members
        .filter((member) => !talkers.includes(member))
        .map(async (member) => {
          await member.connect();
          return (performance.now() - startedAt) / 1_000;
        }),
    );
    const usage = await usageSince();
    stopTalking();
    await assertNothingMissed(members, people);
    times.sort((a, b) => a - b);
    const gateway = parley.processes.flatMap(({ label, holdsConnections }) => (holdsConnections ? [label] : []));
    const gatewaySeconds = gateway.reduce((sum, label) => sum + (usage.byLabel[label] ?? 0), 0);
    return [
      name,
      shortNumber(connections),
      ...[1, 0.5].map((share) => shortNumber(percentileOf(times, share))),
      ...[gatewaySeconds, usage.total].map((seconds) => shortNumber((seconds * 1_000) / times.length)),
      shortNumber(members.reduce((sum, { retries }) => sum + retries, 0)),
    ];
  } finally {
    stopTalking();
    for (const member of members) member.close();
    await parley.stop();
  }
}

/** Returns its end. */
async function startTalking(talkers: readonly StormMember[]): Promise<() => void> {
  for (const talker of talkers) await talker.connect();
  let turn = 0;
  const timer = setInterval(() => {
    turn += 1;
    for (const talker of talkers) {
      const roomIds = [...talker.seqs.keys()];
      talker.say(roomIds[turn % roomIds.length] ?? '', randomUUID(), 'Hello to everyone who connects.');
    }
  }, TALK_EVERY_MS);
  return () => clearInterval(timer);
}

/** Rejects unless all members of each room have come to the same end of its log, without a gap on the way. */
async function assertNothingMissed(members: readonly StormMember[], { users, rooms }: SeededPeople): Promise<void> {
  const memberOf = new Map(users.map(({ userId }, index) => [userId, members[index]]));
  const areEven = (): boolean =>
    rooms.every((room) => {
      const ends = room.members.map(({ userId }) => memberOf.get(userId)?.seqs.get(room.roomId));
      return ends.every((end) => end !== undefined && end === ends[0]);
    });
  const deadline = performance.now() + SETTLE_MS;
  // Even once may be before the last message; even for a second is after it.
  for (let even = 0; even < 2; even = areEven() ? even + 1 : 0) {
    if (performance.now() > deadline) throw new Error('Some connections miss what others of their room have.');
    await sleep(500);
  }
  const fault = members.find((member) => member.fault !== undefined)?.fault;
  if (fault !== undefined) throw new Error(fault);
}
