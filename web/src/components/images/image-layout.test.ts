import { expect, test } from 'vitest';
import { columnsFor, imagesHeight, singleBox } from './image-layout.ts';

test.each([
  ['a landscape', { width: 4_000, height: 2_000 }, { width: 400, height: 200 }],
  ['a portrait', { width: 2_000, height: 4_000 }, { width: 150, height: 300 }],
  ['a small one, which is not enlarged', { width: 100, height: 80 }, { width: 100, height: 80 }],
  ['a line, which can still be hit', { width: 4_000, height: 2 }, { width: 400, height: 48 }],
])('the box of %s', (_name, image, box) => {
  expect(singleBox(image)).toEqual(box);
});

test('several images form rows of two or three', () => {
  expect([2, 3, 4, 5, 8].map(columnsFor)).toEqual([2, 3, 2, 3, 3]);
  const image = { width: 100, height: 100 };
  expect([0, 1, 2, 4, 8].map((count) => imagesHeight(Array(count).fill(image)))).toEqual([0, 108, 160, 316, 472]);
});
