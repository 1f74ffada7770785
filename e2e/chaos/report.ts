import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultTable, type FaultResult } from './fault-result.ts';

const folder = join(import.meta.dirname, '..', '..', 'reports');

/** Prints the results and writes them to `reports/`. */
export function writeReport(name: string, title: string, results: readonly FaultResult[]): void {
  const report = `# ${title}\n\n${resultTable(results)}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.md`), report);
  process.stdout.write(`\n${report}\n`);
}
