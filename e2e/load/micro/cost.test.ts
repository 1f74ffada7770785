import { expect, test } from 'vitest';
import { costOf, regressions } from './cost.ts';

test('reports each path that costs more than allowed or has no expected cost', () => {
  const costs = { frame: 2, lane: 2.1, news: 1 };
  expect(regressions(costs, { frame: 1, lane: 1 }, 2)).toEqual([
    'lane: 2.1 instead of 1.0.',
    'news: nothing is expected of it yet.',
  ]);
});

test('more work costs more', async () => {
  const path = (times: number) => ({
    name: 'parsing',
    messages: 1,
    run() {
      for (let n = 0; n < times; n += 1) JSON.parse('{"a":[1,2,3],"b":"text"}');
    },
  });
  expect(await costOf(path(200))).toBeGreaterThan(await costOf(path(2)));
});
