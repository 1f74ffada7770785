import { ID_PATTERN } from '@parley/protocol';
import { expect, test } from 'vitest';
import { newMessageId, newRoomId, uuidv7 } from './ids.ts';

test('is a UUID of version 7 that begins with its time', () => {
  const id = uuidv7(0x0192_3456_789a);
  expect(id).toMatch(/^01923456-789a-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('ids made later sort later', () => {
  const ids = [1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 1_793_000_000_000].map((now) => uuidv7(now));
  expect(ids.toSorted()).toEqual(ids);
});

test('room and message ids are what the wire accepts, and no two are the same', () => {
  const ids = [...Array.from({ length: 100 }, newMessageId), ...Array.from({ length: 100 }, newRoomId)];
  for (const id of ids) expect(id).toMatch(ID_PATTERN);
  expect(new Set(ids).size).toBe(200);
});
