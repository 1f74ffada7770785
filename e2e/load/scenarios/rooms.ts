import { ratio, shortNumber } from '../report/numbers.ts';
import type { Candidate } from '../servers/server-under-test.ts';
import type { Findings, Scenario } from './scenario.ts';
import { talkTo, type Talk, type TalkResult } from './talk.ts';

const milliseconds = (result: TalkResult, share: number): string =>
  shortNumber(result.counts.latencies.percentile(share) / 1_000);

export const deliveriesPerSecond = ({ counts }: TalkResult): number => counts.deliveries / counts.seconds;

/** Processor microseconds of the server and its databases for each delivery; of some of its processes, by label. */
export function cpuPerDelivery({ usage, counts }: TalkResult, labels = Object.keys(usage.byLabel)): number {
  const seconds = labels.reduce((sum, label) => sum + (usage.byLabel[label] ?? 0), 0);
  return (seconds * 1_000_000) / counts.deliveries;
}

const DATABASES = ['MongoDB', 'Redis'];
const withoutDatabases = ({ usage }: TalkResult): string[] =>
  Object.keys(usage.byLabel).filter((label) => !DATABASES.includes(label));

/** One row for each server, with the ratios to one of them. */
export function describeTalks(
  results: readonly TalkResult[],
  base: string,
): Pick<Findings, 'columns' | 'rows' | 'notes'> {
  const compared = results.find(({ candidate }) => candidate === base);
  const rate = compared && deliveriesPerSecond(compared);
  const cpu = compared && cpuPerDelivery(compared);
  return {
    columns: [
      'server',
      'stores',
      'deliveries/s',
      `to ${base}`,
      'p50 ms',
      'p99 ms',
      'p99.9 ms',
      'CPU µs/delivery',
      'of it databases',
      `to ${base}`,
      'in a frame',
    ],
    rows: results.map((result) => [
      result.candidate,
      result.durable ? 'yes' : 'no',
      shortNumber(deliveriesPerSecond(result)),
      ratio(deliveriesPerSecond(result), rate),
      milliseconds(result, 0.5),
      milliseconds(result, 0.99),
      milliseconds(result, 0.999),
      shortNumber(cpuPerDelivery(result)),
      shortNumber(cpuPerDelivery(result) - cpuPerDelivery(result, withoutDatabases(result))),
      ratio(cpuPerDelivery(result), cpu),
      shortNumber(result.counts.deliveries / result.counts.frames),
    ]),
    notes: results
      .filter(({ counts }) => counts.generatorWasLimit)
      .map(({ candidate, counts }) => {
        const busy = Math.round(counts.busy * 100);
        return `${candidate}: the load generator was busy for ${busy} % of the time and may have been the limit.`;
      }),
  };
}

export async function talkToEach(candidates: readonly Candidate[], talk: Talk, say: (line: string) => void) {
  const results: TalkResult[] = [];
  for (const candidate of candidates) {
    const result = await talkTo(candidate, talk);
    const [rate, cpu] = [deliveriesPerSecond(result), cpuPerDelivery(result)].map(shortNumber);
    say(`  ${candidate.name}: ${rate} deliveries/s, ${cpu} µs each`);
    results.push(result);
  }
  return results;
}

/** What the others are compared with. */
export const SOCKET_IO = 'Socket.IO + redis-adapter';
export const ROOMS_OF_100 = { rooms: 10, members: 100 };

/** Closed loops: how much each server does when its rooms always have so many messages under way. */
export function roomsScenario(window: number): Scenario {
  return {
    name: `rooms-window-${window}`,
    title: `10 rooms of 100, ${window} under way in each`,
    async run({ candidates, quick, say }) {
      const talk: Talk = {
        population: ROOMS_OF_100,
        pattern: { kind: 'window', inFlight: window },
        messageBytes: 300,
        warmUpSeconds: quick ? 1 : 2,
        seconds: quick ? 2 : 6,
        generators: 1,
      };
      const results = await talkToEach(candidates, talk, say);
      return {
        text:
          `1,000 connections. In each room ${window} messages of 300 bytes are under way all the time, sent by the ` +
          'members in turn; the next one is sent when the last member has got one. Times are from sending to each arrival.',
        ...describeTalks(results, SOCKET_IO),
        charts: [
          {
            name: `rooms-window-${window}-rate`,
            title: `10 × 100, window ${window}`,
            unit: 'deliveries a second',
            bars: results.map((result) => bar(result, deliveriesPerSecond(result))),
          },
          {
            name: `rooms-window-${window}-cpu`,
            title: `10 × 100, window ${window}`,
            unit: 'CPU µs a delivery, server and databases',
            bars: results.map((result) => bar(result, cpuPerDelivery(result))),
          },
        ],
      };
    },
  };
}

export const bar = ({ candidate }: TalkResult, value: number) => ({
  label: candidate,
  value,
  ours: candidate.startsWith('Parley'),
});
