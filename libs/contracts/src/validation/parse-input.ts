import { getMetadataStorage, ValidationTypes, type ValidationArguments } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import type { ErrorCode } from '@parley/protocol';
import { ParleyError } from '../errors.ts';
import { NESTED } from './rules.ts';

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
  const { defaults, checks } = rulesOf(Type);
  const input = Object.create(Type.prototype as object) as Input;
  for (const [field, usual] of defaults) {
    const given: unknown = Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined;
    if (given !== undefined || usual !== undefined) Reflect.set(input, field, given === undefined ? usual : given);
  }
  for (const check of checks) check(input);
  return input;
}

/** Throws unless a field satisfies its rules. */
type FieldCheck = (input: object) => void;

interface InputRules {
  /** The fields of the class, in their order, each with its default. */
  readonly defaults: readonly (readonly [string, unknown])[];
  readonly checks: readonly FieldCheck[];
}

const compiled = new WeakMap<InputClass<object>, InputRules>();

/**
 * class-validator's own `validate` searches the rules of all classes on every call, which costs more than the rules
 * themselves. Here they are looked up once for each class.
 */
function rulesOf(Type: InputClass<object>): InputRules {
  const known = compiled.get(Type);
  if (known !== undefined) return known;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(Type, '', false, false);
  const byField = Map.groupBy(metadata, ({ propertyName }) => propertyName);
  const defaults = Object.entries(new Type());
  const checks = defaults.flatMap(([field]) => {
    const rules = byField.get(field);
    return rules === undefined ? [] : [checkOf(Type, field, rules)];
  });
  const rules = { defaults, checks };
  compiled.set(Type, rules);
  return rules;
}

function checkOf(Type: InputClass<object>, field: string, rules: readonly ValidationMetadata[]): FieldCheck {
  const conditions = rules
    .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
    .map(({ constraints }) => constraints[0] as (input: object, value: unknown) => boolean);
  const tests = rules.filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION).flatMap(toTests);
  const item = rules.find(({ name }) => name === NESTED)?.constraints[0] as InputClass<object> | undefined;
  return (input) => {
    const value: unknown = Reflect.get(input, field);
    if (!conditions.every((condition) => condition(input, value))) return;
    const args = { targetName: Type.name, property: field, object: input, value, constraints: [] };
    for (const test of tests) test(value, args);
    if (item === undefined) return;
    const nested = Array.isArray(value) ? value.map((one) => parseInput(item, one)) : parseInput(item, value);
    Reflect.set(input, field, nested);
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
