import { beforeEach, expect, test } from 'vitest';
import { createLogger, NestPinoLogger } from './logger.ts';

const lines: string[] = [];
const destination = { write: (line: string) => lines.push(line) };
const logged = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown);

beforeEach(() => {
  lines.length = 0;
});

test('a line is a JSON object with name, time and message', () => {
  createLogger('parley-room', 'info', destination).info({ port: 8081 }, 'Serving.');
  expect(logged()).toMatchObject([{ name: 'parley-room', level: 30, port: 8081, msg: 'Serving.' }]);
  expect(logged()).toMatchObject([{ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }]);
});

test('logs the type, message and code of an error, not its other fields', () => {
  const error = Object.assign(new Error('It broke', { cause: new Error('for a reason') }), {
    ...{ code: 11_000, writeErrors: [{ op: { text: 'text of a user' } }] },
  });
  createLogger('parley-message', 'info', destination).warn({ err: error }, 'Look.');
  expect(logged()).toMatchObject([{ err: { type: 'Error', message: 'It broke: for a reason', code: 11_000 } }]);
  expect(lines.join('')).not.toContain('text of a user');
});

test('lines below the level are left out', () => {
  const logger = createLogger('parley-room', 'warn', destination);
  logger.info('quiet');
  logger.warn('loud');
  expect(logged()).toMatchObject([{ msg: 'loud' }]);
});

test('logs lines of Nest at debug and its errors at error', () => {
  const nest = new NestPinoLogger(createLogger('parley-room', 'debug', destination));
  nest.log('Mapped {/api}', 'RouterExplorer');
  nest.error('It broke', 'Error: it broke\n    at x', 'ExceptionHandler');
  nest.error(new TypeError('no such thing'));
  expect(logged()).toMatchObject([
    { level: 20, context: 'RouterExplorer', msg: 'Mapped {/api}' },
    { level: 50, context: 'ExceptionHandler', details: ['Error: it broke\n    at x'], msg: 'It broke' },
    { level: 50, err: { type: 'TypeError' }, msg: 'no such thing' },
  ]);
});
