import { getMetadataStorage, ValidationTypes, type ValidationArguments } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import type { ErrorCode } from '@parley/protocol';
import { ParleyError } from '../errors.ts';
import { NESTED_LIST } from './rules.ts';

type InputClass<Input extends object> = new () => Input;

/**
 * Checks untrusted input against the class-validator rules of a class. Copies only the fields that the class declares,
 * and only the value's own, so that neither `__proto__` nor any other extra field has an effect.
 * Throws ParleyError `invalid`, or the code in the context of the rule that failed.
 */
export function parseInput<Input extends object>(Type: InputClass<Input>, value: unknown): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ParleyError('invalid', 'An object is expected here.');
  }
  const input = new Type();
  for (const field of Object.keys(input)) {
    if (Object.hasOwn(value, field)) Reflect.set(input, field, Reflect.get(value, field));
  }
  for (const check of checksOf(Type)) check(input);
  return input;
}

/** Throws unless a field is as its rules say. */
type FieldCheck = (input: object) => void;

const compiled = new WeakMap<InputClass<object>, readonly FieldCheck[]>();

/**
 * class-validator's own `validate` searches the rules of all classes on every call, which costs more than the rules
 * themselves. Here they are looked up once for each class.
 */
function checksOf(Type: InputClass<object>): readonly FieldCheck[] {
  const known = compiled.get(Type);
  if (known !== undefined) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(Type, '', false, false);
  const checks = [...Map.groupBy(rules, ({ propertyName }) => propertyName)].map(([field, its]) =>
    checkOf(Type, field, its),
  );
  compiled.set(Type, checks);
  return checks;
}

function checkOf(Type: InputClass<object>, field: string, rules: readonly ValidationMetadata[]): FieldCheck {
  const conditions = rules
    .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
    .map(({ constraints }) => constraints[0] as (input: object, value: unknown) => boolean);
  const tests = rules.filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION).flatMap(toTests);
  const item = rules.find(({ name }) => name === NESTED_LIST)?.constraints[0] as InputClass<object> | undefined;
  return (input) => {
    const value: unknown = Reflect.get(input, field);
    if (!conditions.every((condition) => condition(input, value))) return;
    const args = { targetName: Type.name, property: field, object: input, value, constraints: [] };
    for (const test of tests) test(value, args);
    if (item !== undefined) {
      const items = (value as readonly unknown[]).map((one) => parseInput(item, one));
      Reflect.set(input, field, items);
    }
  };
}

type Test = (value: unknown, args: ValidationArguments) => void;

function toTests(rule: ValidationMetadata): Test[] {
  const { constraints = [] } = rule;
  return getMetadataStorage()
    .getTargetValidatorConstraints(rule.constraintCls)
    .map(({ instance }) => (value, field) => {
      const args = { ...field, constraints };
      const isValid = (one: unknown): boolean => instance.validate(one, args) === true;
      if (rule.each && Array.isArray(value) ? value.every(isValid) : isValid(value)) return;
      throw new ParleyError(codeOf(rule), `${messageOf(rule, args, instance.defaultMessage?.(args))}.`);
    });
}

function messageOf(
  { message }: ValidationMetadata,
  args: ValidationArguments,
  usual = '$property is not right',
): string {
  const text = typeof message === 'function' ? message(args) : message || usual;
  return text
    .replaceAll('$property', args.property)
    .replace(/\$constraint(\d+)/g, (_whole, number: string) => String(args.constraints[Number(number) - 1]));
}

const codeOf = ({ context }: ValidationMetadata): ErrorCode =>
  (context as { code?: ErrorCode } | undefined)?.code ?? 'invalid';
