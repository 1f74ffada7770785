import { ID_PATTERN } from '@parley/protocol';
import { ParleyError } from '@parley/contracts';
import {
  IsInt,
  isString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
  validateSync,
  type ValidationError,
  type ValidationOptions,
} from 'class-validator';

/**
 * What came from outside, checked against a class of class-validator. Only the fields that the class declares are
 * read, and only the value's own, so that neither `__proto__` nor any other extra field has an effect.
 * Throws ParleyError `invalid`, or `too_large` where the rule that failed says so.
 */
export function parseInput<Input extends object>(Type: new () => Input, value: unknown): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ParleyError('invalid', 'An object is expected here.');
  }
  const input = new Type();
  for (const field of Object.keys(input)) {
    if (Object.hasOwn(value, field)) Reflect.set(input, field, Reflect.get(value, field));
  }
  const [fault] = validateSync(input, { stopAtFirstError: true, forbidUnknownValues: false });
  if (fault !== undefined) throw toParleyError(fault);
  return input;
}

function toParleyError(fault: ValidationError): ParleyError {
  const [rule, message] = Object.entries(fault.constraints ?? {})[0] ?? ['', `${fault.property} is not right.`];
  const context = fault.contexts?.[rule] as typeof TOO_LARGE.context | undefined;
  return new ParleyError(context?.code ?? 'invalid', `${message}.`);
}

/** Marks a rule whose breach is `too_large`. */
export const TOO_LARGE = { context: { code: 'too_large' } } as const satisfies ValidationOptions;

const ID_MESSAGE = '$property must be 16 to 64 letters, digits and hyphens';

export const IsId = (): PropertyDecorator => Matches(ID_PATTERN, { message: ID_MESSAGE });
export const AreIds = (): PropertyDecorator => Matches(ID_PATTERN, { each: true, message: `each of ${ID_MESSAGE}` });

/** The other rules hold where the field is given; null is not the same as nothing. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_input, value) => value !== undefined);

const MAX_CURSOR_LENGTH = 512;
/** A string that the server made, passed back. */
export const IsCursor = (): PropertyDecorator => MaxLength(MAX_CURSOR_LENGTH);

export const IsPageLimit = (most: number): PropertyDecorator => all(Max(most), Min(1), IsInt());

/** A place in a room's log; 0: before the first entry. */
export const IsSeq = (): PropertyDecorator => all(Max(Number.MAX_SAFE_INTEGER), Min(0), IsInt());

/** Half a surrogate pair cannot be stored as UTF-8: it would come back as something else than was sent. */
export const IsWellFormed = (): PropertyDecorator =>
  ValidateBy({
    name: 'isWellFormed',
    validator: {
      validate: (value) => isString(value) && value.isWellFormed(),
      defaultMessage: () => '$property must be well-formed Unicode',
    },
  });

function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}
