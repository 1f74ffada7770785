import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdictTable, type Verdict } from './verdict.ts';

const folder = join(import.meta.dirname, '..', '..', 'reports');

/** Prints the verdicts, and keeps them in `reports/` under that name. */
export function reportVerdicts(name: string, title: string, verdicts: readonly Verdict[]): void {
  const report = `# ${title}\n\n${verdictTable(verdicts)}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.md`), report);
  process.stdout.write(`\n${report}\n`);
}
