import { expect, test } from 'vitest';
import { markedText, scanMarks } from './marker.ts';

function marksIn(text: string, start = 0, end = text.length): [number, number][] {
  const marks: [number, number][] = [];
  scanMarks(Buffer.from(text), start, end, (number, sentAt) => marks.push([number, sentAt]));
  return marks;
}

test('a text has exactly the bytes asked for', () => {
  expect(Buffer.byteLength(markedText({ number: 1, sentAt: 2 }, 300))).toBe(300);
  expect(() => markedText({ number: 1, sentAt: 2 }, 10)).toThrow(RangeError);
});

test('what a frame holds is read in its order', () => {
  const texts = [7, 0, 99_999_999].map((number) =>
    JSON.stringify({ text: markedText({ number, sentAt: number + 0.4 }, 64) }),
  );
  expect(marksIn(`[${texts.join()}]`)).toEqual([
    [7, 7],
    [0, 0],
    [99_999_999, 99_999_999],
  ]);
});

test('what lies outside of the given bytes is another frame’s', () => {
  const text = markedText({ number: 3, sentAt: 4 }, 64);
  expect(marksIn(text + text, 64)).toEqual([[3, 4]]);
  expect(marksIn(text + text, 0, 64)).toEqual([[3, 4]]);
});
