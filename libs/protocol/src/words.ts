/** A word of a text as message search sees it, and its position. */
export interface Word {
  /** Lower case, without accents and vowel marks. */
  readonly folded: string;
  /** A run of characters that are written without spaces between words: Chinese, Japanese, Thai, … */
  readonly unspaced: boolean;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〆`;
const RUNS = /* @__PURE__ */ new RegExp(
  String.raw`[${UNSPACED}][${UNSPACED}\p{M}]*|(?:(?![${UNSPACED}])[\p{L}\p{N}])(?:(?![${UNSPACED}])[\p{L}\p{N}\p{M}\u0640])*`,
  'gu',
);
const IS_UNSPACED = /* @__PURE__ */ new RegExp(`^[${UNSPACED}]`, 'u');

/** The words of a text, in order. All characters but letters and digits separate words. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(RUNS)].flatMap(({ 0: run, index }) => {
    const folded = foldWord(run);
    if (folded === '') return [];
    return [{ folded, unspaced: IS_UNSPACED.test(run), start: index, end: index + run.length }];
  });
}

/** Normalises compatibility forms (ｆ, ﷲ), removes marks (accents, Arabic vowels, hamza) and tatweel, and lowers case. */
export const foldWord = (run: string): string =>
  run
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+|\u0640/gu, '')
    .normalize('NFKC')
    .toLowerCase();

/** Offsets at which a search term may match the start of a folded word: for Arabic, also after the article. */
export const wordStarts = (folded: string): readonly number[] => (/^ال..+/u.test(folded) ? [0, 2] : [0]);
