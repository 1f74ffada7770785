import type ts from 'typescript';
import { ACTIONS } from '../validation.ts';
import { dataSchema, type JsonSchema } from './data-schema.ts';
import type { TypeSchemas } from './type-schema.ts';
import { wireTypes } from './wire-schema.ts';

type Field = ReturnType<TypeSchemas['properties']>[number];

/** The table of actions for docs/protocol.md: fields and bounds by their declarations, remarks by their comments. */
export function actionsTable(types = wireTypes()): string {
  const names = Object.keys(ACTIONS);
  const actions = types.properties(types.exported('Actions'));
  const inOrder = actions.toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
  const rows = inOrder.map(({ name, type, comment }) => {
    const [data, ok] = ['data', 'ok'].map((part) => types.properties(typeOf(types, type, part)));
    const { properties } = dataSchema(ACTIONS[name as keyof typeof ACTIONS].Data) as { properties: Properties };
    const dataCell = data?.map((field) => cell(field, boundOf(properties[field.name] ?? {}), field.comment));
    const okCell = ok?.map((field) => cell(field, typeName(types.schemaOf(field.type)), field.comment));
    return [`\`${name}\``, dataCell?.join(', ') ?? '', okCell?.join(', ') || '`{}`', comment];
  });
  return [toRow(['action', 'data', 'ok', 'remarks']), '|-|-|-|-|', ...rows.map(toRow)].join('\n');
}

type Properties = Readonly<Record<string, JsonSchema>>;

const toRow = (cells: readonly string[]): string =>
  `|${cells.map((text) => (text === '' ? ' ' : ` ${text} `)).join('|')}|`;

/** A comment within parentheses: on one line, without the form of a sentence. */
const toRemark = (comment: string): string =>
  comment
    .replaceAll('\n', ' ')
    .replace(/\.$/, '')
    .replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());

function typeOf(types: TypeSchemas, action: ts.Type, part: string): ts.Type {
  const found = types.properties(action).find(({ name }) => name === part);
  if (found === undefined) throw new Error(`An action declares no ${part}.`);
  return found.type;
}

function cell({ name, optional }: Field, detail: string, comment: string): string {
  const remarks = [detail, toRemark(comment)].filter((remark) => remark !== '').join('; ');
  return `\`${name}${optional ? '?' : ''}\`${remarks === '' ? '' : ` (${remarks})`}`;
}

/** Lengths, sizes and limits; nothing for ids and for places in the log. */
function boundOf({ type, minLength, maxLength, maxItems, minimum, maximum }: JsonSchema): string {
  if (type === 'boolean') return 'boolean';
  if (maxItems !== undefined) return `≤ ${number(maxItems)}`;
  if (maxLength !== undefined)
    return minLength === undefined ? `≤ ${number(maxLength)}` : `${number(minLength)}–${number(maxLength)}`;
  if (maximum !== undefined && Number(maximum) < Number.MAX_SAFE_INTEGER)
    return `${number(minimum)}–${number(maximum)}`;
  return '';
}

const number = (value: unknown): string => Number(value).toLocaleString('en-US');

/** The named type of a field of an answer, in code style. */
function typeName({ $ref, items }: JsonSchema): string {
  const name = /[A-Za-z]+$/;
  if (typeof $ref === 'string') return `\`${name.exec($ref)?.[0] ?? ''}\``;
  const item = (items as JsonSchema | undefined)?.$ref;
  return typeof item === 'string' ? `\`${name.exec(item)?.[0] ?? ''}[]\`` : '';
}
