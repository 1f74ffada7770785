/** A part of a text that a search has found, or that stands beside such. */
export interface TextPart {
  readonly text: string;
  readonly isHit: boolean;
}

const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〆`;
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
/** Words as the server's search sees them: runs of characters written without spaces, and words between spaces. */
const WORDS = new RegExp(
  String.raw`[${UNSPACED}][${UNSPACED}\p{M}]*|(?:(?![${UNSPACED}])[\p{L}\p{N}])(?:(?![${UNSPACED}])[\p{L}\p{N}\p{M}\u0640])*`,
  'gu',
);

/** A letter or a digit: without one there is nothing to look for. */
export const isSearchable = (query: string): boolean => /[\p{L}\p{N}]/u.test(query);

/** Compatibility forms as one, accents, Arabic vowels and the Arabic stretch away, small letters. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+|\u0640/gu, '')
    .normalize('NFKC')
    .toLowerCase();

/** The text in parts: a word of the query is a hit where a word begins so, in Chinese and the like wherever it stands. */
export function markHits(text: string, query: string): readonly TextPart[] {
  const wanted = wordsOf(query).map((word) => fold(word.text));
  const hits = wordsOf(text).flatMap((word) => hitsIn(word, wanted));
  const parts: TextPart[] = [];
  let at = 0;
  for (const { start, end } of hits.sort(byPlace)) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    if (from > at) parts.push({ text: text.slice(at, from), isHit: false });
    parts.push({ text: text.slice(from, end), isHit: true });
    at = end;
  }
  return at < text.length ? [...parts, { text: text.slice(at), isHit: false }] : parts;
}

/** Of two that begin together the longer first. */
const byPlace = (one: Span, other: Span): number => one.start - other.start || other.end - one.end;

interface Word {
  readonly text: string;
  readonly start: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const wordsOf = (text: string): readonly Word[] =>
  [...text.matchAll(WORDS)].map(({ 0: word, index }) => ({ text: word, start: index }));

function hitsIn(word: Word, wanted: readonly string[]): readonly Span[] {
  const { folded, places } = foldedWithPlaces(word);
  return wanted.flatMap((query) => {
    if (query === '') return [];
    return startsOf(query, folded).flatMap((start): Span[] => {
      const [from, last] = [places[start], places[start + query.length - 1]];
      return from === undefined || last === undefined ? [] : [{ start: from.start, end: last.end }];
    });
  });
}

function startsOf(query: string, folded: string): readonly number[] {
  if (IS_UNSPACED.test(folded)) {
    const starts: number[] = [];
    for (let at = folded.indexOf(query); at >= 0; at = folded.indexOf(query, at + query.length)) starts.push(at);
    return starts;
  }
  if (folded.startsWith(query)) return [0];
  // Arabic words are found without their article, too.
  return /^ال..+/u.test(folded) && folded.startsWith(query, 2) ? [2] : [];
}

/** The folded word, and for each of its units where the character that it came from stands in the text. */
function foldedWithPlaces({ text, start }: Word): { readonly folded: string; readonly places: readonly Span[] } {
  const places: Span[] = [];
  let folded = '';
  // A character with the marks on it: they are folded as one.
  for (const { 0: character, index } of text.matchAll(/\P{M}[\p{M}\u0640]*/gu)) {
    const end = start + index + character.length;
    const letters = fold(character);
    folded += letters;
    places.push(...Array.from({ length: letters.length }, () => ({ start: start + index, end })));
  }
  return { folded, places };
}
