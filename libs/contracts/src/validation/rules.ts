import { IsIdList } from '@parley/protocol/validation';
import { ArrayMaxSize, IsArray, ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { MAX_PER_CALL } from '../limits.ts';

/** Name of the rule whose constraint is the class of the objects in a field. */
export const NESTED = 'nested';

/** An object, or a list of objects, that is checked against the class. */
export const IsNested = (Item: new () => object): PropertyDecorator =>
  // parseInput parses the objects after the field's other rules.
  ValidateBy({ name: NESTED, constraints: [Item], validator: { validate: () => true } });

/** A list of objects; as many as one call may have. */
export const IsListOf =
  (Item: new () => object): PropertyDecorator =>
  (target, property) => {
    IsArray()(target, property);
    ArrayMaxSize(MAX_PER_CALL)(target, property);
    IsNested(Item)(target, property);
  };

/** A list of ids; as many as one call may have. */
export const IsCallIdList = (): PropertyDecorator => IsIdList(MAX_PER_CALL, {});

/** The other rules apply unless the field is null. */
export const IsNullable = (): PropertyDecorator => ValidateIf((_input, value) => value !== null);

/** The text of a new message: blank only when the message has attachments. Declare `attachmentIds` before it. */
export const IsBlankOnlyWithAttachments = (): PropertyDecorator =>
  ValidateBy({
    name: 'isBlankOnlyWithAttachments',
    validator: {
      validate: (text: string, args) => text.trim() !== '' || attachmentsOf(args) > 0,
      defaultMessage: () => '$property must not be empty',
    },
  });

const attachmentsOf = (args: ValidationArguments | undefined): number =>
  (args?.object as { attachmentIds: readonly unknown[] } | undefined)?.attachmentIds.length ?? 0;

export const MAX_ENTRY_ID_LENGTH = 200;
