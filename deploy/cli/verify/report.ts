import type { Verification } from './verify.ts';

/** The report for the operator: one line for each finding, and the totals. */
export function reportOf({ rooms, entries, attachments, findings }: Verification): string {
  const checked = `${rooms} rooms, ${entries} entries and ${attachments} attachments were checked`;
  const lines = findings.map(({ kind, where, detail }) => `${kind}: ${where}: ${detail}`);
  return [...lines, findings.length === 0 ? `${checked}: no fault.` : `${checked}: ${findings.length} faults.`].join(
    '\n',
  );
}
