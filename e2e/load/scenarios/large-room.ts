import type { Scenario } from './scenario.ts';
import { bar, describeTalks, SOCKET_IO, talkToEach } from './rooms.ts';
import type { Talk } from './talk.ts';

/** One room with everybody in it. */
export const largeRoomScenario: Scenario = {
  name: 'large-room',
  title: '1 room of 5,000, 5 messages a second',
  async run({ candidates, quick, say }) {
    const talk: Talk = {
      population: { rooms: 1, members: quick ? 1_000 : 5_000 },
      pattern: { kind: 'rate', perSecond: 5 },
      messageBytes: 300,
      warmUpSeconds: 2,
      seconds: quick ? 3 : 8,
      generators: 2,
    };
    const results = await talkToEach(candidates, talk, say);
    return {
      text:
        'Everybody is in one room, where five messages a second are sent: 25,000 deliveries a second. What counts is how soon ' +
        'the last have a message.',
      ...describeTalks(results, SOCKET_IO),
      charts: [
        {
          name: 'large-room-p99',
          title: '1 × 5,000, 5 messages a second',
          unit: 'p99 in milliseconds',
          bars: results.map((result) => bar(result, result.counts.latencies.percentile(0.99) / 1_000)),
        },
      ],
    };
  },
};
