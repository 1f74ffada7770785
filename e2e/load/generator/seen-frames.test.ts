import { expect, test } from 'vitest';
import { SeenFrames } from './seen-frames.ts';

const bytes = Buffer.from('..frame..other');

function withFrame(): SeenFrames {
  const frames = new SeenFrames();
  frames.add(5, bytes, 2, 7, [1, 2]);
  return frames;
}

test('a frame is known again at its place, wherever it lies', () => {
  const copy = Buffer.from('frame');
  const seen = withFrame().find(5, copy, 0, copy.length);
  expect([...(seen?.sentAt ?? [])]).toEqual([1, 2]);
});

test('other bytes, another length or another place are not it', () => {
  const frames = withFrame();
  expect(frames.find(5, bytes, 9, 14)).toBeUndefined();
  expect(frames.find(5, bytes, 2, 6)).toBeUndefined();
  expect(frames.find(6, bytes, 2, 7)).toBeUndefined();
  expect(frames.find(5 + 256, bytes, 2, 7)).toBeUndefined();
});
