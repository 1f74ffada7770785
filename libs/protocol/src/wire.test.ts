import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { getMetadataStorage } from 'class-validator';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import '../../../services/gateway/src/gateway.module.ts';
import type { DataClass } from './testing/data-schema.ts';
import { wireSchema } from './testing/wire-schema.ts';

const PINNED = join(import.meta.dirname, '..', 'wire.schema.json');

/** The data classes of the gateway's commands, by action. */
function dataClasses(): Record<string, DataClass> {
  const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<DataClass, unknown> };
  const classes = [...validationMetadatas.keys()].map((Data) => [actionOf(Data.name), Data] as const);
  return { ...Object.fromEntries(classes), delete_connection: class {} };
}

const actionOf = (name: string): string =>
  name
    .replace(/Input$/, '')
    .replace(/(?<=.)[A-Z]/g, '_$&')
    .toLowerCase();

// Clients and gateways of the previous release must understand what you add: new fields and events only, none renamed.
// When they do, run `npx vitest run --project unit libs/protocol --update`, and put the new hash here.
test('the wire is as it was pinned', async () => {
  const text = JSON.stringify(wireSchema(dataClasses()));
  expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe('4cce5334a1b3bef7');
  const pretty = await format(text, { ...(await resolveConfig(PINNED)), parser: 'json' });
  await expect(pretty).toMatchFileSnapshot(PINNED);
});
