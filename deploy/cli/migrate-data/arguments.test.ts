import { expect, test } from 'vitest';
import { parseMigrationArguments } from './arguments.ts';

const to = 'mongodb://127.0.0.1:27017/parley?replicaSet=rs0';

test('both places are taken', () => {
  expect(parseMigrationArguments(['--from', '/data', '--to', to])).toEqual({ from: '/data', to });
});

test.each([
  [['--from', '/data'], 'Say from where and to where. The command is: npm run migrate:data'],
  [['--to', to], 'Say from where and to where.'],
  [['--from', '/data', '--to', 'mongodb://127.0.0.1:27017'], '--to must be the address of a MongoDB with the name'],
  [['--from', '/data', '--to', 'redis://127.0.0.1/parley'], '--to must be the address'],
  [['--force'], "Unknown option '--force'. The command is:"],
])('%j is refused with what to do', (args, sentence) => {
  expect(() => parseMigrationArguments(args)).toThrow(sentence);
});
