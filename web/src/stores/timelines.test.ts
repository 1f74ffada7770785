import type { RoomId } from '@parley/protocol';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import type { TimelineView } from '../domain/timeline.ts';
import { useTimelinesStore } from './timelines.ts';

const room = (n: number) => `room-${n}` as RoomId;
const timeline = (roomId: RoomId, state: TimelineView['state'] = 'ready'): TimelineView => ({
  ...{ roomId, state, entries: [], more: false },
});

beforeEach(() => setActivePinia(createPinia()));

test('a left room is kept for the return, and the one left longest ago is dropped first', () => {
  const timelines = useTimelinesStore();
  for (let n = 1; n <= 11; n += 1) timelines.apply({ replace: true, timeline: timeline(room(n)) });
  for (let n = 1; n <= 10; n += 1) timelines.leave(room(n), n);
  expect(timelines.byRoom.has(room(1))).toBe(true);
  // The engine sends its timeline again: the user is back.
  timelines.apply({ replace: true, timeline: timeline(room(1)) });
  timelines.leave(room(11), 11);
  expect(timelines.byRoom.size).toBe(11);
  timelines.leave(room(1), 1);
  expect(timelines.byRoom.has(room(2))).toBe(false);
  expect(timelines.byRoom.size).toBe(10);
});

test('a room whose messages were not loaded is not kept', () => {
  const timelines = useTimelinesStore();
  timelines.apply({ replace: true, timeline: timeline(room(1), 'loading') });
  timelines.leave(room(1), 0);
  expect(timelines.byRoom.size).toBe(0);
});

test('a left room with newer entries is dropped on return', () => {
  const timelines = useTimelinesStore();
  for (const n of [1, 2]) {
    timelines.apply({ replace: true, timeline: timeline(room(n)) });
    timelines.leave(room(n), 7);
  }
  timelines.comeBack(room(1), 7);
  timelines.comeBack(room(2), 8);
  expect([...timelines.byRoom.keys()]).toEqual([room(1)]);
});
