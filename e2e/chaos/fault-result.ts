import type { Violation, ViolationKind } from '../protocol/random/checker.ts';

/** The effect of one fault on clients that were sending messages. */
export interface FaultResult {
  readonly fault: string;
  /** Messages acknowledged during the experiment. */
  readonly acknowledged: number;
  readonly violations: readonly Violation[];
  readonly longestDeliveryGapMs: number;
  readonly reconnects: number;
  readonly seconds: number;
}

type Column = readonly [heading: string, value: (result: FaultResult) => string | number];

const counting =
  (...kinds: readonly ViolationKind[]) =>
  ({ violations }: FaultResult): number =>
    violations.filter(({ kind }) => kinds.includes(kind)).length;

const COLUMNS: readonly Column[] = [
  ['fault', ({ fault }) => fault],
  ['acknowledged', ({ acknowledged }) => acknowledged],
  ['lost', counting('lost')],
  ['doubled', counting('doubled')],
  ['order violations', counting('order')],
  ['holes', counting('hole', 'missing')],
  ['other violations', counting('altered', 'foreign', 'stale', 'refused')],
  ['longest time without delivery', ({ longestDeliveryGapMs }) => `${(longestDeliveryGapMs / 1_000).toFixed(1)} s`],
  ['reconnects', ({ reconnects }) => reconnects],
  ['took', ({ seconds }) => `${seconds.toFixed(0)} s`],
];

/** The results as a Markdown table, followed by a list of the violations. */
export function resultTable(results: readonly FaultResult[]): string {
  const rows = [COLUMNS.map(([heading]) => heading), ...results.map((one) => COLUMNS.map(([, value]) => value(one)))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => pad(cell, widths[column] ?? 0)).join(' | ')} |`);
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  const faults = results.flatMap(({ fault, violations }) =>
    violations.map(({ kind, detail }) => `- ${fault}: ${kind}: ${detail}`),
  );
  return `${lines.join('\n')}\n${faults.length > 0 ? `\n${faults.join('\n')}\n` : ''}`;
}

const pad = (cell: string | number, width: number): string =>
  typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
