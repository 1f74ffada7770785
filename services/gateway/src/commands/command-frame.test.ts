import { expect, test } from 'vitest';
import { parseFrame } from './command-frame.ts';

test('one command and a list of commands are read alike', () => {
  const command = { id: 1, action: 'leave_room', data: { roomId: 'r' } };
  expect(parseFrame(JSON.stringify(command))).toEqual([command]);
  expect(parseFrame(JSON.stringify([command, command]))).toEqual([command, command]);
});

test('absent data is an empty object', () => {
  expect(parseFrame('{"id":"a","action":"delete_connection"}')).toEqual([
    { id: 'a', action: 'delete_connection', data: {} },
  ]);
});

test.each(['', '{', 'undefined', '[1,]', "{'id':1}"])('%j is not JSON', (text) => {
  expect(parseFrame(text)).toBe('unparsable');
});

test('64 commands fit into a frame, 65 do not', () => {
  expect(parseFrame(JSON.stringify(Array(64).fill({})))).toHaveLength(64);
  expect(parseFrame(JSON.stringify(Array(65).fill({})))).toBe('too_many');
});

test.each([1.5, 2 ** 53, 'x'.repeat(65), null, true, {}, []])('an id like %j cannot be echoed', (id) => {
  expect(parseFrame(JSON.stringify({ id, action: 'x' }))).toEqual([{ id: null, action: 'x', data: {} }]);
});

test.each(['x'.repeat(64), '', 0, -1, Number.MAX_SAFE_INTEGER])('an id like %j is echoed', (id) => {
  expect(parseFrame(JSON.stringify({ id }))).toEqual([{ id, action: undefined, data: {} }]);
});

test.each(['1', 'null', '"text"', 'true', '[[]]'])('%s holds no command', (text) => {
  expect(parseFrame(text)).toMatchObject([{ id: null, action: undefined }]);
});
