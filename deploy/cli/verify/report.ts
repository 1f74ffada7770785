import type { Verification } from './verify.ts';

/** For people: every finding on a line of its own, and the sum. */
export function reportOf({ rooms, entries, attachments, findings }: Verification): string {
  const walked = `${rooms} rooms, ${entries} entries and ${attachments} attachments were walked`;
  const lines = findings.map(({ kind, where, detail }) => `${kind}: ${where}: ${detail}`);
  return [...lines, findings.length === 0 ? `${walked}: no fault.` : `${walked}: ${findings.length} faults.`].join(
    '\n',
  );
}
