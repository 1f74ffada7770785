import { shortNumber } from '../report/numbers.ts';
import type { Scenario } from './scenario.ts';
import { bar, talkToEach } from './rooms.ts';
import type { Talk, TalkResult } from './talk.ts';

const ROOMS = 10;
const messagesPerSecond = ({ counts }: TalkResult): number => counts.messages / counts.seconds;
const cpuPerMessage = ({ counts, usage }: TalkResult): number => (usage.total * 1_000_000) / counts.messages;

/** How many messages are stored: few people to tell, so that storing is the work. */
export const storedScenario: Scenario = {
  name: 'stored',
  title: 'Stored messages: 10 rooms of 2, 64 under way in each',
  async run({ candidates, quick, say }) {
    const talk: Talk = {
      population: { rooms: ROOMS, members: 2 },
      pattern: { kind: 'window', inFlight: 64 },
      messageBytes: 300,
      warmUpSeconds: quick ? 1 : 2,
      seconds: quick ? 2 : 5,
      generators: 1,
    };
    // Peers that insert each message by itself put those of one sender out of order here, which fails their runs.
    const storing = candidates.filter(({ name, durable }) => durable && name.startsWith('Parley'));
    const full = await talkToEach(storing, talk, say);
    const rows: string[][] = [];
    for (const [index, result] of full.entries()) {
      const perSecond = messagesPerSecond(result) / 10 / ROOMS;
      const [tenth] = await talkToEach(
        storing.slice(index, index + 1),
        { ...talk, pattern: { kind: 'rate', perSecond } },
        say,
      );
      const p50 = (each: TalkResult | undefined): string =>
        each === undefined ? '–' : shortNumber(each.counts.latencies.percentile(0.5) / 1_000);
      rows.push([
        result.candidate,
        shortNumber(messagesPerSecond(result)),
        shortNumber(cpuPerMessage(result)),
        p50(result),
        tenth === undefined ? '–' : shortNumber(messagesPerSecond(tenth)),
        p50(tenth),
      ]);
    }
    return {
      text:
        'Each message reaches its sender and one other member when it is on the disk. Then the same with a tenth of the ' +
        'messages, at a constant rate. "CPU" is that of all services and databases.',
      columns: ['server', 'messages/s', 'CPU µs/message', 'p50 ms', 'at a tenth, messages/s', 'p50 ms'],
      rows,
      charts: [
        {
          name: 'stored-rate',
          title: '10 rooms of 2, window 64',
          unit: 'stored messages a second',
          bars: full.map((result) => bar(result, messagesPerSecond(result))),
        },
      ],
      notes: [],
    };
  },
};
