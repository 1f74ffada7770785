import { ArrayMaxSize, IsArray, ValidateBy } from 'class-validator';

/** Name of the rule whose constraint is the class of a list's items. */
export const NESTED_LIST = 'nestedList';

/** A list of at most so many objects, each checked against the class. */
export const IsListOf =
  (Item: new () => object, maxSize: number): PropertyDecorator =>
  (target, property) => {
    IsArray()(target, property);
    ArrayMaxSize(maxSize)(target, property);
    // parseInput parses the items when the list itself is valid.
    ValidateBy({ name: NESTED_LIST, constraints: [Item], validator: { validate: () => true } })(target, property);
  };
