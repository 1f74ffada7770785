import { describe, expect, test } from 'vitest';
import { defineCommand, interpretCommandLine } from './command-line.ts';

const copy = defineCommand({
  name: 'npm run copy',
  summary: 'Copies a folder.',
  arguments: { from: { description: 'The folder.' }, to: { description: 'Its copy.', optional: true } },
  options: {
    times: { type: 'string', value: 'number', default: '1', description: 'How often.' },
    token: { type: 'string', required: true, description: 'A secret.' },
    only: { type: 'string', multiple: true, description: 'A file to copy.' },
    force: { type: 'boolean', short: 'f', description: 'Overwrite files.' },
  },
  examples: ['npm run copy -- ./a ./b --token x'],
});

describe('a command line', () => {
  test('gives options and arguments by name, with defaults', () => {
    expect(interpretCommandLine(copy, ['./a', '--token', 'x'])).toEqual({
      kind: 'valid',
      values: { from: './a', to: undefined, times: '1', token: 'x', only: [], force: false },
    });
    const args = ['./a', './b', '--token=x', '-f', '--only', 'c', '--only', 'd', '--times', '2'];
    expect(interpretCommandLine(copy, args)).toEqual({
      kind: 'valid',
      values: { from: './a', to: './b', times: '2', token: 'x', only: ['c', 'd'], force: true },
    });
  });

  test('with --help shows the usage, every option and an example, whatever else it holds', () => {
    const parsed = interpretCommandLine(copy, ['--wrong', '--help']);
    expect(parsed).toEqual({
      kind: 'help',
      text: [
        'Usage: npm run copy -- <from> [<to>] [--times <number>] --token <token> [--only <only>] [--force]',
        '',
        'Copies a folder.',
        '',
        '  <from>            The folder.',
        '  <to>              Its copy.',
        '  --times <number>  How often. Default: 1.',
        '  --token <token>   A secret.',
        '  --only <only>     A file to copy.',
        '  -f, --force       Overwrite files.',
        '  --help            Show this help.',
        '',
        'Example:',
        '  npm run copy -- ./a ./b --token x',
      ].join('\n'),
    });
  });

  test.each([
    [['./a', '--token', 'x', '--wrong'], "Unknown option '--wrong'."],
    [['./a', '--token', 'x', './b', './c'], "Unexpected argument './c'."],
    [['--token', 'x'], 'Argument <from> is missing.'],
    [['./a'], 'Option --token is missing.'],
    [['./a', '--token'], "Option '--token <value>' argument missing."],
  ])('%j is refused with one sentence and the usage', (args, sentence) => {
    expect(interpretCommandLine(copy, args)).toEqual({
      kind: 'invalid',
      sentence: expect.stringContaining(`${sentence} Usage: npm run copy -- <from>`),
    });
  });

  test('is refused with the error of the function that reads its values', () => {
    const refuse = () => {
      throw new Error('--times must be a number.');
    };
    const { sentence } = interpretCommandLine(copy, ['./a', '--token', 'x'], refuse) as { sentence: string };
    expect(sentence).toMatch(/^--times must be a number\. Usage:/);
  });
});
