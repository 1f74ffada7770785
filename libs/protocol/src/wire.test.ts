import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { actionsTable } from './testing/actions-table.ts';
import { wireSchema } from './testing/wire-schema.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DOCS = join(ROOT, 'docs', 'protocol.md');
const TABLE = /(<!-- actions: .* -->)\n[^]*(<!-- \/actions -->)/;
const PINNED = join(import.meta.dirname, '..', 'wire.schema.json');

// Clients and gateways of the previous release must understand what you add: new fields and events only, none renamed.
// When they do, run `npx vitest run --project unit libs/protocol --update`, and put the new hash here.
test('the wire is as it was pinned', async () => {
  const text = JSON.stringify(wireSchema());
  expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe('4cce5334a1b3bef7');
  const pretty = await format(text, { ...(await resolveConfig(PINNED)), parser: 'json' });
  await expect(pretty).toMatchFileSnapshot(PINNED);
});

test('the table of actions in docs/protocol.md is current', async () => {
  const text = await readFile(DOCS, 'utf8');
  const current = text.replace(TABLE, (_old, start: string, end: string) => `${start}\n${actionsTable()}\n${end}`);
  expect(text).toMatch(TABLE);
  await expect(current).toMatchFileSnapshot(DOCS);
});
