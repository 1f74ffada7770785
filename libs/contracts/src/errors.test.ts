import { expect, test } from 'vitest';
import { ParleyError } from './errors.ts';

test('an error keeps its code, message and retry time when it crosses the wire', () => {
  const error = new ParleyError('rate_limited', 'Slow down.', { retryAfterMs: 250 });
  const there = ParleyError.fromWire(error.toWire());
  expect(there).toBeInstanceOf(ParleyError);
  expect(there.toWire()).toEqual({ code: 'rate_limited', message: 'Slow down.', retryable: true, retryAfterMs: 250 });
});

test('an error without a retry time has no retryAfterMs on the wire', () => {
  expect(new ParleyError('not_member', 'You are not in this room.').toWire()).toEqual({
    code: 'not_member',
    message: 'You are not in this room.',
    retryable: false,
  });
});
