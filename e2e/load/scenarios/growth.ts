import { shortNumber } from '../report/numbers.ts';
import { measureIdle } from './idle.ts';
import type { Scenario } from './scenario.ts';

const SERVER = 'Parley 1 gateway';
const CONNECTIONS = [1_000, 2_000, 4_000, 8_000, 16_000];
const IDLE_SECONDS = 30;

/** What one more connection costs, the more there are. */
export const growthScenario: Scenario = {
  name: 'growth',
  title: 'Cost as connections double',
  async run({ candidates, quick, say }) {
    const rows: string[][] = [];
    const candidate = candidates.find(({ name }) => name === SERVER);
    for (const connections of CONNECTIONS.slice(0, quick ? 2 : undefined)) {
      if (candidate === undefined) break;
      const result = await measureIdle(candidate, connections, quick ? 5 : IDLE_SECONDS);
      rows.push(
        [
          connections,
          result.bytesEach / 1_000,
          (result.idleShare * 100 * 10_000) / connections,
          result.connectMicroseconds,
          result.connectMicrosecondsAll,
        ].map(shortNumber),
      );
      say(`  ${rows.at(-1)?.join(' | ')}`);
    }
    return {
      text:
        'As above, each time with a gateway of its own: linear growth is the same figure in each row. How it grows with the rooms of a ' +
        'person and with the messages of a room is what coming back and history show, below.',
      columns: ['connections', 'kB each', 'idle, % of a core for 10,000', 'connecting, CPU µs', 'of everything, µs'],
      rows,
      charts: [],
      notes: [],
    };
  },
};
