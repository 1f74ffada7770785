import { wordsOf, wordStarts, type Word } from '@parley/protocol';

/** The rest of a longer word is as good as random. */
const WORD_LENGTH = 40;

/**
 * What is indexed of a text, each once. Words that have spaces around them as they are, Arabic ones also without their
 * article; of others every two characters that follow each other, and the last alone, so that each character begins one.
 */
export function tokensOf(text: string): string[] {
  return [...new Set(wordsOf(text).flatMap(tokensOfWord))];
}

function tokensOfWord({ folded, unspaced }: Word): string[] {
  if (!unspaced) return formsOf(folded).map(shortened);
  const characters = [...folded];
  return characters.map((character, index) => character + (characters[index + 1] ?? ''));
}

const formsOf = (folded: string): string[] => wordStarts(folded).map((start) => folded.slice(start));

const shortened = (word: string): string => [...word].slice(0, WORD_LENGTH).join('');

/** What a text must have to be found: tokens that begin like each of these. */
export interface Query {
  readonly words: readonly Word[];
  readonly prefixes: readonly string[];
}

/** Undefined: nothing in it can be looked for. */
export function parseQuery(query: string): Query | undefined {
  const words = wordsOf(query);
  const prefixes = [...new Set(words.flatMap(prefixesOf))];
  return prefixes.length === 0 ? undefined : { words, prefixes };
}

function prefixesOf({ folded, unspaced }: Word): string[] {
  if (!unspaced) return [shortened(folded)];
  const characters = [...folded];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => (characters[index] ?? '') + character);
}

/** Where the first word of the query stands in the text; undefined where the text lacks any of them. */
export function findHit(text: string, { words }: Query): number | undefined {
  const present = wordsOf(text);
  const hits = words.map((wanted) => present.find((word) => hasWord(word, wanted)));
  if (hits.some((hit) => hit === undefined)) return undefined;
  return Math.min(...hits.map((hit) => hit?.start ?? Infinity));
}

function hasWord(word: Word, wanted: Word): boolean {
  if (word.unspaced !== wanted.unspaced) return false;
  if (word.unspaced) return word.folded.includes(wanted.folded);
  return formsOf(word.folded).some((form) => form.startsWith(wanted.folded));
}
