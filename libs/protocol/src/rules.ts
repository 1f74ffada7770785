import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsString,
  isString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';
import { ID_PATTERN } from './ids.ts';

/** Marks a rule whose breach is `too_large`. */
export const TOO_LARGE = { context: { code: 'too_large' } } as const satisfies ValidationOptions;

const ID_MESSAGE = '$property must be 16 to 64 letters, digits and hyphens';

export const IsId = (): PropertyDecorator => Matches(ID_PATTERN, { message: ID_MESSAGE });

/** A list of ids. By default, too many are `too_large`. */
export const IsIdList = (maxSize: number, options: ValidationOptions = TOO_LARGE): PropertyDecorator =>
  all(IsArray(), ArrayMaxSize(maxSize, options), Matches(ID_PATTERN, { each: true, message: `each of ${ID_MESSAGE}` }));

/** The other rules apply only where the field is present; null counts as present. */
export const IsOptionalField = (): PropertyDecorator => ValidateIf((_input, value) => value !== undefined);

const MAX_CURSOR_LENGTH = 512;
/** A string that the server made and the client passes back. */
export const IsCursor = (): PropertyDecorator => MaxLength(MAX_CURSOR_LENGTH);

export const IsPageLimit = (most: number): PropertyDecorator => all(IsInt(), Min(1), Max(most));

/** A place in a room's log; 0: before the first entry. */
export const IsSeq = (least = 0): PropertyDecorator => all(IsInt(), Min(least), Max(Number.MAX_SAFE_INTEGER));

/** Half a surrogate pair cannot be stored as UTF-8: the stored text would differ from the text that was sent. */
export const IsWellFormed = (): PropertyDecorator =>
  ValidateBy({
    name: 'isWellFormed',
    validator: {
      validate: (value) => isString(value) && isWellFormed(value),
      defaultMessage: () => '$property must be well-formed Unicode',
    },
  });

// The web app's TypeScript library is older than String.isWellFormed, and type checks this file.
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();

/** Text of at most so many UTF-16 units; longer text is `too_large`. */
export const IsText = (maxLength: number): PropertyDecorator =>
  all(IsString(), IsWellFormed(), MaxLength(maxLength, TOO_LARGE));

/** Applies the decorators in this order; the first rule that fails is the one reported. */
function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}
