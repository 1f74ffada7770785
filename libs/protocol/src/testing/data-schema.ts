import { getMetadataStorage } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';

export type JsonSchema = Readonly<Record<string, unknown>>;
export type DataClass = new () => object;

/** The JSON Schema of each rule. Lengths are in UTF-16 units, which JSON Schema has no word for. */
const RULES: Readonly<Record<string, (...constraints: never[]) => JsonSchema>> = {
  isString: () => ({ type: 'string' }),
  isWellFormed: () => ({ type: 'string', 'x-wellFormed': true }),
  isNotEmpty: () => ({ minLength: 1 }),
  minLength: (minLength: number) => ({ type: 'string', minLength }),
  maxLength: (maxLength: number) => ({ type: 'string', maxLength }),
  matches: (pattern: RegExp) => ({ type: 'string', pattern: pattern.source }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  min: (minimum: number) => ({ minimum }),
  max: (maximum: number) => ({ maximum }),
  isArray: () => ({ type: 'array' }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayMaxSize: (maxItems: number) => ({ maxItems }),
};

/** The JSON Schema of an action's data, from the class-validator rules of its class: of a list first, then of its items. */
export function dataSchema(Data: DataClass): JsonSchema {
  const fields = Object.keys(new Data()).sort();
  const rules = rulesOf(Data);
  const isOptional = (field: string): boolean =>
    rules.some(({ propertyName, type }) => propertyName === field && type === 'conditionalValidation');
  const schemaOf = (field: string): JsonSchema =>
    rules
      .filter(({ propertyName }) => propertyName === field)
      .sort((one, other) => Number(one.each) - Number(other.each))
      .reduce(withRule, {});
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field, schemaOf(field)])),
    required: fields.filter((field) => !isOptional(field)),
  };
}

const rulesOf = (Data: DataClass): readonly ValidationMetadata[] =>
  getMetadataStorage().getTargetValidationMetadatas(Data, '', false, false);

function withRule(schema: JsonSchema, rule: ValidationMetadata): JsonSchema {
  if (rule.type === 'conditionalValidation') return schema;
  const toSchema = RULES[rule.name ?? ''];
  if (toSchema === undefined) throw new Error(`The wire's schema does not know the rule ${rule.name ?? rule.type}.`);
  const added = toSchema(...((rule.constraints ?? []) as never[]));
  const tooLarge = isTooLarge(rule) ? { 'x-tooLarge': true } : {};
  if (rule.each) return { ...schema, items: { ...(schema.items as JsonSchema | undefined), ...added } };
  return sorted({ ...schema, ...added, ...strictest(schema, added), ...tooLarge });
}

const sorted = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).sort(([one], [other]) => (one < other ? -1 : 1)));

/** Of two lower bounds the higher one holds. */
function strictest(schema: JsonSchema, { minimum }: JsonSchema): JsonSchema {
  if (minimum === undefined || schema.minimum === undefined) return {};
  return { minimum: Math.max(Number(minimum), Number(schema.minimum)) };
}

const isTooLarge = ({ context }: ValidationMetadata): boolean =>
  (context as { code?: string } | undefined)?.code === 'too_large';
