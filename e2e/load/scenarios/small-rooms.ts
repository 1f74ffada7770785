import type { Scenario } from './scenario.ts';
import { bar, cpuPerDelivery, describeTalks, SOCKET_IO, talkToEach } from './rooms.ts';
import type { Talk } from './talk.ts';

/** Many rooms with few people: nothing to share between sockets. */
export const smallRoomsScenario: Scenario = {
  name: 'small-rooms',
  title: '500 rooms of 4, one message under way in each',
  async run({ candidates, quick, say }) {
    const talk: Talk = {
      population: { rooms: quick ? 100 : 500, members: 4 },
      pattern: { kind: 'window', inFlight: 1 },
      messageBytes: 300,
      warmUpSeconds: quick ? 1 : 2,
      seconds: quick ? 2 : 5,
      generators: 1,
    };
    const results = await talkToEach(candidates, talk, say);
    return {
      text: '2,000 connections in rooms so small that there is little to gain by doing work once for all of a room.',
      ...describeTalks(results, SOCKET_IO),
      charts: [
        {
          name: 'small-rooms-cpu',
          title: '500 × 4',
          unit: 'CPU µs a delivery, server and databases',
          bars: results.map((result) => bar(result, cpuPerDelivery(result))),
        },
      ],
    };
  },
};
