import { expect, test } from 'vitest';
import { ParleyError } from './errors.ts';

test('an error that crosses a wire is the same error', () => {
  const error = new ParleyError('rate_limited', 'Slow down.', { retryAfterMs: 250 });
  const there = ParleyError.fromWire(error.toWire());
  expect(there).toBeInstanceOf(ParleyError);
  expect(there.toWire()).toEqual({ code: 'rate_limited', message: 'Slow down.', retryable: true, retryAfterMs: 250 });
});

test('an error without a time to wait does not mention one', () => {
  expect(new ParleyError('not_member', 'You are not in this room.').toWire()).toEqual({
    code: 'not_member',
    message: 'You are not in this room.',
    retryable: false,
  });
});
