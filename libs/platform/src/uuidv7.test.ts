import { ID_PATTERN } from '@parley/protocol';
import { expect, test } from 'vitest';
import { uuidv7 } from './uuidv7.ts';

test('is a UUID of version 7 and a valid id of the wire', () => {
  expect(uuidv7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuidv7()).toMatch(ID_PATTERN);
});

test('starts with its time', () => {
  expect(uuidv7(0x0123456789ab).slice(0, 15)).toBe('01234567-89ab-7');
  expect(uuidv7(1_000) < uuidv7(1_001)).toBe(true);
});

test('is unique', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(1)))).toHaveProperty('size', 10_000);
});
