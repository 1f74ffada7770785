import { expect, test } from 'vitest';
import { startTracing, traced } from './tracing.ts';

test('runs the work without loading the SDK when no endpoint is set', async () => {
  const tracing = await startTracing('parley-test', {});
  const codes: string[] = [];
  const done = await traced({ name: 'work', kind: 'internal' }, async (note) => {
    note('ok');
    codes.push('done');
    return Promise.resolve(7);
  });
  expect([done, codes]).toEqual([7, ['done']]);
  await expect(traced({ name: 'work', kind: 'internal' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await tracing.close();
});
