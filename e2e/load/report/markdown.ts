import type { Machine } from './machine.ts';
import type { Section } from './section.ts';

/** Columns padded as prettier would leave them: no more than one space at each side. */
export function renderTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  const rule = `|${columns.map((_column, index) => (index === 0 ? '-' : '-:')).join('|')}|`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

function renderSection(section: Section): string {
  const { title, text, columns, rows, charts, notes, measuredAt, commit } = section;
  return [
    `## ${title}`,
    text,
    renderTable(columns, rows),
    ...charts.map((chart) => `![${chart.title}](benchmarks/${chart.name}.svg)`),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
    `Measured ${measuredAt} at ${commit}.`,
  ].join('\n\n');
}

/** What of the page is written by hand. */
export interface Prose {
  readonly introduction: string;
  /** What the figures say of Parley's limits. */
  readonly limits: string;
}

/** The whole page, with a section for each scenario. */
export function renderPage({ introduction, limits }: Prose, machine: Machine, sections: readonly Section[]): string {
  const machineRows = Object.entries(machine).map(([name, value]) => [name, value]);
  return [
    introduction.trim(),
    '## Machine and versions',
    renderTable(['what', 'which'], machineRows),
    ...sections.map(renderSection),
    limits.trim(),
    '',
  ].join('\n\n');
}
