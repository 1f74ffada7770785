import type { Violation, ViolationKind } from '../protocol/random/checker.ts';

/** What one fault did to the people who were talking. */
export interface Verdict {
  readonly fault: string;
  /** Messages that were acknowledged from before the fault until after it. */
  readonly acknowledged: number;
  readonly violations: readonly Violation[];
  readonly longestSilenceMs: number;
  readonly reconnects: number;
  readonly seconds: number;
}

type Column = readonly [heading: string, value: (verdict: Verdict) => string | number];

const counting =
  (...kinds: readonly ViolationKind[]) =>
  ({ violations }: Verdict): number =>
    violations.filter(({ kind }) => kinds.includes(kind)).length;

const COLUMNS: readonly Column[] = [
  ['fault', ({ fault }) => fault],
  ['acknowledged', ({ acknowledged }) => acknowledged],
  ['lost', counting('lost')],
  ['doubled', counting('doubled')],
  ['order violations', counting('order')],
  ['holes', counting('hole', 'missing')],
  ['otherwise wrong', counting('altered', 'foreign', 'stale', 'refused')],
  ['longest time without delivery', ({ longestSilenceMs }) => `${(longestSilenceMs / 1_000).toFixed(1)} s`],
  ['reconnects', ({ reconnects }) => reconnects],
  ['took', ({ seconds }) => `${seconds.toFixed(0)} s`],
];

/** The verdicts as a table in Markdown, and under it what is wrong in words. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = [COLUMNS.map(([heading]) => heading), ...verdicts.map((one) => COLUMNS.map(([, value]) => value(one)))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => pad(cell, widths[column] ?? 0)).join(' | ')} |`);
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  const faults = verdicts.flatMap(({ fault, violations }) =>
    violations.map(({ kind, detail }) => `- ${fault}: ${kind}: ${detail}`),
  );
  return `${lines.join('\n')}\n${faults.length > 0 ? `\n${faults.join('\n')}\n` : ''}`;
}

const pad = (cell: string | number, width: number): string =>
  typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
