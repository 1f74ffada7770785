import { ParleyError } from '@parley/contracts';
import { ID_PATTERN } from '@parley/protocol';

// Requests from other processes are JSON of unknown shape. After these checks a value is a string or a number and cannot
// be a database operator. All of them throw ParleyError `invalid`.

const invalid = (message: string): ParleyError => new ParleyError('invalid', message);

/** The unvalidated fields of a request. */
export function fieldsOf(request: unknown): Readonly<Record<string, unknown>> {
  if (typeof request !== 'object' || request === null) throw invalid('The request must be an object.');
  return { ...request };
}

/** `maxLength` is in UTF-16 units. */
export function parseText(value: unknown, name: string, maxLength = Number.MAX_SAFE_INTEGER): string {
  if (typeof value !== 'string') throw invalid(`${name} must be a string.`);
  if (value.length > maxLength) throw invalid(`${name} may have at most ${maxLength} characters.`);
  return value;
}

export const parseOptionalText = (value: unknown, name: string, maxLength?: number): string | undefined =>
  value === undefined ? undefined : parseText(value, name, maxLength);

export function parseId<Id extends string>(value: unknown, name: string): Id {
  if (typeof value !== 'string' || !ID_PATTERN.test(value)) {
    throw invalid(`${name} must be 16 to 64 letters, digits and hyphens.`);
  }
  return value as Id;
}

/** Keeps the order and removes duplicates. */
export function parseIds<Id extends string>(values: unknown, name: string, maxLength: number): Id[] {
  return [...new Set(parseList(values, name, maxLength, (value) => parseId<Id>(value, `Each of ${name}`)))];
}

export function parseList<Item>(
  values: unknown,
  name: string,
  maxLength: number,
  parse: (value: unknown) => Item,
): Item[] {
  if (!Array.isArray(values)) throw invalid(`${name} must be an array.`);
  if (values.length > maxLength) throw invalid(`${name} may have at most ${maxLength} elements.`);
  return values.map(parse);
}

/** A seq (0: before the first entry) or a time. */
export function parseWhole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw invalid(`${name} must be a whole number from 0.`);
  }
  return value;
}

/** A whole number from 1. */
export function parseLimit(value: unknown, name: string, max: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > max) {
    throw invalid(`${name} must be a whole number from 1 to ${max}.`);
  }
  return value;
}
