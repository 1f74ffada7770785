import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** The sources of the wire without comments and formatting: what changes here changes what other builds must understand. */
function wireText(): string {
  const printer = ts.createPrinter({ removeComments: true });
  return readdirSync(import.meta.dirname)
    .filter((name) => !name.endsWith('.test.ts'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(import.meta.dirname, name), 'utf8');
      return printer.printFile(ts.createSourceFile(name, text, ts.ScriptTarget.ESNext));
    })
    .join('\n');
}

test('nobody changes the wire by accident', () => {
  const hash = createHash('sha256').update(wireText()).digest('hex').slice(0, 16);
  // Readers of the release before must understand what you add (new fields and events only, none renamed).
  // When that holds and docs/protocol.md says it, put the new hash here.
  expect(hash).toBe('02c2f502c487c672');
});
