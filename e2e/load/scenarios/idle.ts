import { setTimeout as sleep } from 'node:timers/promises';
import { Generator } from '../generator/generator.ts';
import { shortNumber } from '../report/numbers.ts';
import { residentAfterCollection } from '../servers/collectable.ts';
import { countUsage, type Usage } from '../servers/process-usage.ts';
import type { Candidate, MeasuredProcess } from '../servers/server-under-test.ts';
import type { Scenario } from './scenario.ts';

/** Those whose connections are compared: the gateway alone, and what others hold connections with. */
const COMPARED = ['Parley 1 gateway', 'Socket.IO + redis-adapter', 'plain ws broadcast', 'Centrifuge 0.40'];
const MEMBERS = 100;
const ROOMS_EACH = 10;

interface IdleResult {
  readonly candidate: string;
  readonly bytesEach: number;
  /** Of one processor. */
  readonly idleShare: number;
  readonly connectMicroseconds: number;
  readonly connectMicrosecondsAll: number;
}

/** Of the processes that hold the connections. */
function secondsOfHolders({ byLabel }: Usage, processes: readonly MeasuredProcess[]): number {
  const labels = new Set(processes.flatMap(({ label, holdsConnections }) => (holdsConnections ? [label] : [])));
  return [...labels].reduce((sum, label) => sum + (byLabel[label] ?? 0), 0);
}

/** Connects everybody, and then lets `seconds` pass. */
export async function measureIdle(candidate: Candidate, connections: number, seconds: number): Promise<IdleResult> {
  const population = { rooms: connections / MEMBERS, members: MEMBERS, roomsEach: ROOMS_EACH };
  const server = await candidate.start(population);
  const generator = new Generator(1);
  try {
    const before = await residentAfterCollection(server.processes);
    const connecting = await countUsage(server.processes);
    await generator.connect({ ...server, messageBytes: 300 });
    const connected = await connecting();
    const after = await residentAfterCollection(server.processes);
    const idling = await countUsage(server.processes);
    await sleep(seconds * 1_000);
    const idled = await idling();
    return {
      candidate: candidate.name,
      bytesEach: (after - before) / connections,
      idleShare: secondsOfHolders(idled, server.processes) / seconds,
      connectMicroseconds: (secondsOfHolders(connected, server.processes) * 1_000_000) / connections,
      connectMicrosecondsAll: (connected.total * 1_000_000) / connections,
    };
  } finally {
    generator.close();
    await server.stop();
  }
}

/** What connections cost on which nothing happens. */
export const idleScenario: Scenario = {
  name: 'idle',
  title: 'Idle connections: 10,000',
  async run({ candidates, quick, say }) {
    const connections = quick ? 1_000 : 10_000;
    const results: IdleResult[] = [];
    for (const candidate of candidates.filter(({ name }) => COMPARED.includes(name))) {
      const result = await measureIdle(candidate, connections, quick ? 5 : 30);
      say(`  ${result.candidate}: ${shortNumber(result.bytesEach / 1_000)} kB each`);
      results.push(result);
    }
    return {
      text:
        `Everybody is signed in; Parley's people are in ${ROOMS_EACH} rooms of ${MEMBERS} each, those of the others in one. ` +
        'Memory is what the process that holds the connections has more than before, after garbage collection; ' +
        'idle is its processor time with its heartbeats and nothing else. Connecting includes joining the rooms.',
      columns: ['server', 'kB each', 'idle, % of a core', 'connecting, CPU µs', 'of everything, µs'],
      rows: results.map((result) => [
        result.candidate,
        shortNumber(result.bytesEach / 1_000),
        shortNumber(result.idleShare * 100),
        shortNumber(result.connectMicroseconds),
        shortNumber(result.connectMicrosecondsAll),
      ]),
      charts: [
        {
          name: 'idle-memory',
          title: `${connections} idle connections`,
          unit: 'kB resident each',
          bars: results.map(({ candidate, bytesEach }) => ({
            label: candidate,
            value: bytesEach / 1_000,
            ours: candidate.startsWith('Parley'),
          })),
        },
      ],
      notes: [],
    };
  },
};
