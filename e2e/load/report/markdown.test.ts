import { expect, test } from 'vitest';
import { renderPage, renderTable } from './markdown.ts';
import type { Section } from './section.ts';

const section: Section = {
  scenario: 'rooms',
  title: '10 rooms',
  text: 'A thousand people talk.',
  columns: ['server', 'deliveries/s'],
  rows: [['Parley', '9']],
  charts: [{ name: 'rooms', title: 'Rooms', unit: 'deliveries/s', bars: [] }],
  notes: ['The generator was busy.'],
  measuredAt: '2026-11-25 12:00 UTC',
  commit: 'abcdef0',
};

test('a table names its columns first, and keeps a pipe within its cell', () => {
  expect(renderTable(['a', 'b'], [['x|y', '1']])).toBe('| a | b |\n|-|-:|\n| x\\|y | 1 |');
});

test('a page has its introduction, the machine, and each section with chart, notes, time and commit', () => {
  const page = renderPage({ introduction: '# Benchmarks\n', limits: '## Limits\n' }, { Node: 'v24' }, [section]);
  expect(page.split('\n\n')).toEqual([
    '# Benchmarks',
    '## Machine and versions',
    '| what | which |\n|-|-:|\n| Node | v24 |',
    '## 10 rooms',
    'A thousand people talk.',
    '| server | deliveries/s |\n|-|-:|\n| Parley | 9 |',
    '![Rooms](benchmarks/rooms.svg)',
    '- The generator was busy.',
    'Measured 2026-11-25 12:00 UTC at abcdef0.',
    '## Limits',
    '',
  ]);
});
