import { expect, test } from 'vitest';
import { renderChart } from './chart.ts';

const widthsOf = (svg: string): number[] =>
  [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

test('bars are as long as their values, also beside nothing', () => {
  const bars = [10, 5, 0].map((value) => ({ label: `${value}`, value, ours: false }));
  const [most = 0, half, nothing] = widthsOf(renderChart({ name: 'n', title: 't', unit: 'u', bars }));
  expect([half, nothing]).toEqual([most / 2, 1]);
});

test('labels are text, whatever they hold', () => {
  const svg = renderChart({ name: 'n', title: '<a & "b">', unit: 'u', bars: [{ label: '<i>', value: 1, ours: true }] });
  expect(svg).toContain('&lt;a &amp; &quot;b&quot;&gt;, u');
  expect(svg).not.toContain('<i>');
});
