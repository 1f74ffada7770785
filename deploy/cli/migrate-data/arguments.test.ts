import { expect, test } from 'vitest';
import { interpretCommandLine } from '../command-line.ts';
import { MIGRATE_DATA, migrationArguments } from './arguments.ts';

const to = 'mongodb://127.0.0.1:27017/parley?replicaSet=rs0';
const parse = (args: readonly string[]) => interpretCommandLine(MIGRATE_DATA, args, migrationArguments);

test('npm run migrate:data takes the data folder and the URL of the database', () => {
  expect(parse(['--from', '/data', '--to', to])).toEqual({ kind: 'valid', values: { from: '/data', to } });
});

test.each([
  [['--from', '/data'], 'Option --to is missing. Usage: npm run migrate:data'],
  [['--to', to], 'Option --from is missing.'],
  [['--from', '/data', '--to', 'mongodb://127.0.0.1:27017'], '--to must be the URL of a MongoDB with the name'],
  [['--from', '/data', '--to', 'redis://127.0.0.1/parley'], '--to must be the URL'],
  [['--force'], "Unknown option '--force'. Usage:"],
])('npm run migrate:data refuses %j and says what to do', (args, sentence) => {
  expect(parse(args)).toEqual({ kind: 'invalid', sentence: expect.stringContaining(sentence) });
});
