import { shortNumber } from './numbers.ts';
import type { Chart } from './section.ts';

const WIDTH = 760;
const LABEL_WIDTH = 220;
const VALUE_WIDTH = 130;
const BAR_HEIGHT = 22;
const ROW_HEIGHT = 32;
const TOP = 46;

/** Colours that stand out on white and on black; the text follows the reader's scheme. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 14px }
  .ours { fill: #2f6fde } .theirs { fill: #8b949e }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #5b9bff } .theirs { fill: #6e7681 } }
`;

/** A bar chart as SVG, for a page on a light or a dark background. */
export function renderChart({ title, unit, bars }: Chart): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const height = TOP + bars.length * ROW_HEIGHT + 8;
  const rows = bars.map(({ label, value, ours }, index) => {
    const y = TOP + index * ROW_HEIGHT;
    const width = Math.max(1, ((WIDTH - LABEL_WIDTH - VALUE_WIDTH) * value) / most);
    const text = y + BAR_HEIGHT / 2 + 4.5;
    return [
      `<text x="${LABEL_WIDTH - 10}" y="${text}" text-anchor="end">${escapeXml(label)}</text>`,
      `<rect class="${ours ? 'ours' : 'theirs'}" x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="3"/>`,
      `<text x="${(LABEL_WIDTH + width + 8).toFixed(1)}" y="${text}">${shortNumber(value)}</text>`,
    ].join('\n  ');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `  <style>${STYLE}</style>`,
    `  <text class="title" x="12" y="24">${escapeXml(title)}, ${escapeXml(unit)}</text>`,
    ...rows.map((row) => `  ${row}`),
    '</svg>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
