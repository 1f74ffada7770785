import { wordsOf, wordStarts, type Word } from '@parley/protocol';

/** Longer words are cut: two of them hardly ever differ in the rest only. */
const WORD_LENGTH = 40;

/**
 * The tokens of a text, each once. A word of a script with spaces is one token; an Arabic word also without its article.
 * Of scripts without spaces, every two consecutive characters are a token, and the last one alone, so that a token starts
 * at each character.
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

/** Distinct words in a query. Each costs a comparison with every word of the messages that the index proposes. */
export const MAX_QUERY_WORDS = 10;

/** A parsed query. A text matches if for each prefix it has a token that starts with it. */
export interface Query {
  /** Each once. */
  readonly words: readonly Word[];
  readonly prefixes: readonly string[];
}

/** Undefined: the query has no word. */
export function parseQuery(query: string): Query | undefined {
  const words = [...new Map(wordsOf(query).map((word) => [word.folded, word])).values()];
  const prefixes = [...new Set(words.flatMap(prefixesOf))];
  return prefixes.length === 0 ? undefined : { words, prefixes };
}

function prefixesOf({ folded, unspaced }: Word): string[] {
  if (!unspaced) return [shortened(folded)];
  const characters = [...folded];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => (characters[index] ?? '') + character);
}

/** Where the first matching word is in the text; undefined where the text lacks a word of the query. */
export function findHit(text: string, { words }: Query): number | undefined {
  const missing = new Set(words);
  let first: number | undefined;
  for (const { folded, unspaced, start } of wordsOf(text)) {
    const forms = unspaced ? [] : formsOf(folded);
    for (const wanted of missing) {
      if (unspaced !== wanted.unspaced) continue;
      const matches = unspaced ? folded.includes(wanted.folded) : forms.some((form) => form.startsWith(wanted.folded));
      if (!matches) continue;
      missing.delete(wanted);
      first ??= start;
    }
    if (missing.size === 0) return first;
  }
  return undefined;
}
