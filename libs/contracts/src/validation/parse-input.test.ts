import { IsString, MaxLength } from 'class-validator';
import { expect, test } from 'vitest';

import { IsId, IsOptionalField, IsPageLimit, IsSeq, IsWellFormed, TOO_LARGE } from '@parley/protocol/validation';
import { parseInput } from './parse-input.ts';

class Input {
  @IsId()
  readonly roomId!: string;

  @IsOptionalField()
  @MaxLength(5, TOO_LARGE)
  @IsWellFormed()
  @IsString()
  readonly name?: string;

  @IsOptionalField()
  @IsPageLimit(100)
  readonly limit: number = 100;

  @IsOptionalField()
  @IsSeq()
  readonly after?: number;
}

const roomId = '0190a8b0-0000-7000-8000-000000000000';

test('parseInput copies the given fields, and uses the defaults of others', () => {
  expect(parseInput(Input, { roomId, name: 'Ada' })).toEqual({ roomId, name: 'Ada', limit: 100, after: undefined });
});

test('extra fields have no effect, whatever their names', () => {
  const value: unknown = JSON.parse(`{"roomId":"${roomId}","__proto__":{"name":"x"},"userId":"me","constructor":1}`);
  const input = parseInput(Input, value);
  expect(input).toEqual({ roomId, name: undefined, limit: 100, after: undefined });
  expect(Object.getPrototypeOf(input)).toBe(Input.prototype);
});

test('inherited fields are ignored', () => {
  expect(() => parseInput(Input, Object.create({ roomId }))).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test.each([
  {},
  { roomId: 1 },
  { roomId: { $gt: '' } },
  { roomId: "' OR 1=1 --" },
  { roomId: '../../etc/passwd' },
  { roomId: 'short' },
  { roomId: 'x'.repeat(65) },
  { roomId, name: null },
  { roomId, name: ['a'] },
  { roomId, name: '\ud800' },
  { roomId, limit: 0 },
  { roomId, limit: 101 },
  { roomId, limit: 1.5 },
  { roomId, limit: '10' },
  { roomId, limit: null },
  { roomId, after: -1 },
  { roomId, after: 2 ** 53 },
  null,
  [],
  'text',
])('%j is invalid', (value) => {
  expect(() => parseInput(Input, value)).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('parseInput throws the code in the context of the rule that failed', () => {
  expect(() => parseInput(Input, { roomId, name: 'x'.repeat(6) })).toThrow(
    expect.objectContaining({ code: 'too_large' }),
  );
});
