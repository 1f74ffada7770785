import type { RoomId, UserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { TimelineView } from '../domain/timeline.ts';
import { mergeTimeline } from './merge-timeline.ts';

const roomId = 'room-0123456789abcdef' as RoomId;

function view(seqs: readonly number[], more = true): TimelineView {
  const entries = seqs.map((seq) => ({ kind: 'joined' as const, seq, userId: 'ada' as UserId }));
  return { roomId, entries, more, state: 'ready' };
}

function merged(patches: readonly { replace: boolean; timeline: TimelineView }[]) {
  const start = mergeTimeline(undefined, { replace: true, timeline: view([5, 6]) });
  const result = patches.reduce(mergeTimeline, start);
  return { seqs: result.entries.map((entry) => entry.seq), starts: [...result.pageStarts], more: result.more };
}

describe('a timeline patch', () => {
  it('appends newer entries', () => {
    const result = merged([{ replace: false, timeline: view([7, 8]) }]);
    expect(result).toEqual({ seqs: [5, 6, 7, 8], starts: [], more: true });
  });

  it('puts an older page above and keeps the start of the newer one', () => {
    const result = merged([{ replace: false, timeline: view([2, 3, 4], false) }]);
    expect(result).toEqual({ seqs: [2, 3, 4, 5, 6], starts: [5], more: false });
  });

  it('keeps each seq once', () => {
    expect(merged([{ replace: false, timeline: view([6, 7]) }]).seqs).toEqual([5, 6, 7]);
  });

  it('fills a hole', () => {
    const patches = [view([9]), view([7, 8])].map((timeline) => ({ replace: false, timeline }));
    expect(merged(patches).seqs).toEqual([5, 6, 7, 8, 9]);
  });

  it('drops the former entries if it replaces them', () => {
    expect(merged([{ replace: true, timeline: view([20]) }]).seqs).toEqual([20]);
  });
});
