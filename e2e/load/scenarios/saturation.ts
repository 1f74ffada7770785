import { shortNumber } from '../report/numbers.ts';
import { bar, deliveriesPerSecond, describeTalks, ROOMS_OF_100, SOCKET_IO, talkToEach } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import type { Talk } from './talk.ts';

/** How soon messages arrive at a rate that uses up all that Socket.IO can do. */
export const saturationScenario: Scenario = {
  name: 'rooms-saturation',
  title: '10 rooms of 100, at the rate that Socket.IO can just do',
  async run({ candidates, quick, say }) {
    const base = candidates.filter(({ name }) => name === SOCKET_IO);
    const closed: Talk = {
      population: ROOMS_OF_100,
      pattern: { kind: 'window', inFlight: 16 },
      messageBytes: 300,
      warmUpSeconds: quick ? 1 : 2,
      seconds: quick ? 2 : 6,
      generators: 1,
    };
    const [most] = await talkToEach(base, closed, say);
    if (most === undefined) throw new Error(`The rate is that of ${SOCKET_IO}: it must be among the servers.`);
    const { rooms, members } = ROOMS_OF_100;
    const perSecond = Math.round(deliveriesPerSecond(most) / rooms / members);
    const talk: Talk = { ...closed, pattern: { kind: 'rate', perSecond } };
    const results = await talkToEach(candidates, talk, say);
    return {
      text:
        `First ${SOCKET_IO} does as much as it can with 16 messages under way in each room. Then everybody is sent that many, ` +
        `${shortNumber(perSecond)} a second in each room, whether the ones before have arrived or not.`,
      ...describeTalks(results, SOCKET_IO),
      charts: [
        {
          name: 'rooms-saturation-p99',
          title: '10 × 100, at the rate that Socket.IO can just do',
          unit: 'p99 in milliseconds',
          bars: results.map((result) => bar(result, result.counts.latencies.percentile(0.99) / 1_000)),
        },
      ],
    };
  },
};
