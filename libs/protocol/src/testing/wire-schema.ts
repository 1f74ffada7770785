import { join } from 'node:path';
import * as protocol from '../index.ts';
import type { Action } from '../index.ts';
import { ACTIONS } from '../validation.ts';
import { dataSchema, type JsonSchema } from './data-schema.ts';
import { TypeSchemas } from './type-schema.ts';

/** Types of the wire besides its actions. */
const TYPES = [
  'RoomEvent',
  'ConnectionEvent',
  'WireError',
  'CreateAccountBody',
  'CreateSessionBody',
  'UserBody',
  'UsersBody',
  'AttachmentBody',
  'ProblemDetails',
];

export const wireTypes = (): TypeSchemas => new TypeSchemas(join(import.meta.dirname, '..', 'index.ts'));

/**
 * The JSON Schema of the wire: every action, event and HTTP body, and the constants that both ends must agree on. Two
 * builds whose schemas are equal understand each other.
 */
export function wireSchema(types = wireTypes()): JsonSchema {
  const actions = types.properties(types.exported('Actions')).map(({ name, type }) => {
    const { Data } = ACTIONS[name as Action];
    const ok = types.properties(type).find((property) => property.name === 'ok');
    if (ok === undefined) throw new Error(`${name} declares no answer.`);
    return [name, { data: dataSchema(Data), ok: types.schemaOf(ok.type) }] as const;
  });
  const others = TYPES.map((name) => [name, types.schemaOf(types.exported(name))] as const);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'The wire between clients and Parley',
    actions: Object.fromEntries(actions.sort(byName)),
    types: Object.fromEntries(others),
    constants: constants(),
    $defs: Object.fromEntries(Object.entries(types.definitions).sort(byName)),
  };
}

/** Everything that the wire exports and that is no function. */
const constants = (): JsonSchema =>
  Object.fromEntries(
    Object.entries(protocol)
      .filter(([, value]) => typeof value !== 'function')
      .map(([name, value]) => [name, value instanceof RegExp ? value.source : value] as const)
      .sort(byName),
  );

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;
