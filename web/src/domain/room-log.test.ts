import type { RoomEvent, RoomId, UserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { admit } from './room-log.ts';

const event = (seq: number): RoomEvent => ({
  event: 'member_left',
  roomId: 'room' as RoomId,
  seq,
  data: { userId: 'ada' as UserId },
});

describe('admit', () => {
  test.each([
    { name: 'the next in turn', position: 4, held: [], came: [5], ready: [5], stays: [] },
    { name: 'several in turn', position: 4, held: [], came: [5, 6, 7], ready: [5, 6, 7], stays: [] },
    { name: 'one that was applied already', position: 4, held: [], came: [4], ready: [], stays: [] },
    { name: 'one beyond a gap', position: 4, held: [], came: [6], ready: [], stays: [6] },
    { name: 'what fills the gap', position: 4, held: [6, 7, 9], came: [5], ready: [5, 6, 7], stays: [9] },
    { name: 'the wrong order', position: 0, held: [], came: [3, 1, 2], ready: [1, 2, 3], stays: [] },
    { name: 'repetitions', position: 1, held: [3], came: [3, 2, 2, 1], ready: [2, 3], stays: [] },
  ])('$name', ({ position, held, came, ready, stays }) => {
    const { intake, ...admission } = admit({ position, held: held.map(event) }, came.map(event));
    expect(admission.ready.map(({ seq }) => seq)).toEqual(ready);
    expect(intake.held.map(({ seq }) => seq)).toEqual(stays);
    expect(intake.position).toBe(position + ready.length);
    expect(admission.gap).toBe(stays.length > 0);
  });

  test('keeps the 200 nearest beyond a gap', () => {
    const { intake } = admit(
      { position: 0, held: [] },
      Array.from({ length: 300 }, (_, index) => event(300 - index + 1)),
    );
    expect([intake.held.at(0)?.seq, intake.held.at(-1)?.seq, intake.held.length]).toEqual([2, 201, 200]);
  });
});
