/** A word of a text as search sees it, and where it stands there. */
export interface Word {
  /** Without case, accents and vowel marks. */
  readonly folded: string;
  /** A run of characters that are written without spaces between words: Chinese, Japanese, Thai, … */
  readonly unspaced: boolean;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〆`;
const RUNS = new RegExp(
  String.raw`[${UNSPACED}][${UNSPACED}\p{M}]*|(?:(?![${UNSPACED}])[\p{L}\p{N}])(?:(?![${UNSPACED}])[\p{L}\p{N}\p{M}\u0640])*`,
  'gu',
);
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
/** The rest of a longer word is as good as random. */
const WORD_LENGTH = 40;

/** The words of a text in their order. Anything but letters and digits stands between words. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(RUNS)].flatMap(({ 0: run, index }) => {
    const folded = fold(run);
    if (folded === '') return [];
    return [{ folded, unspaced: IS_UNSPACED.test(run), start: index, end: index + run.length }];
  });
}

/** Compatibility forms as one (ｆ, ﷲ), marks (accents, Arabic vowels, hamza) and the Arabic stretch away, small letters. */
const fold = (run: string): string =>
  run
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+|\u0640/gu, '')
    .normalize('NFKC')
    .toLowerCase();

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

const formsOf = (folded: string): string[] => (/^ال..+/u.test(folded) ? [folded, folded.slice(2)] : [folded]);

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
