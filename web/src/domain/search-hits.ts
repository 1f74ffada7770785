import { foldWord, wordsOf, wordStarts, type Word } from '@parley/protocol';

/** A part of a text: a search hit, or the text between hits. */
export interface TextPart {
  readonly text: string;
  readonly isHit: boolean;
}

/** Whether a query has a letter or a digit; any other finds nothing. */
export const isSearchable = (query: string): boolean => /[\p{L}\p{N}]/u.test(query);

/** Splits the text: a word of the query is a hit at the beginning of a word; in unspaced scripts, such as Chinese, anywhere. */
export function markHits(text: string, query: string): readonly TextPart[] {
  const wanted = wordsOf(query);
  const hits = wordsOf(text).flatMap((word) => hitsIn(text, word, wanted));
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

/** Of two that start together the longer one first. */
const byPlace = (one: Span, other: Span): number => one.start - other.start || other.end - one.end;

interface Span {
  readonly start: number;
  readonly end: number;
}

function hitsIn(text: string, word: Word, wanted: readonly Word[]): readonly Span[] {
  const places = placesOf(text, word);
  return wanted.flatMap((query) =>
    startsOf(query, word).flatMap((start): Span[] => {
      const [from, last] = [places[start], places[start + query.folded.length - 1]];
      return from === undefined || last === undefined ? [] : [{ start: from.start, end: last.end }];
    }),
  );
}

function startsOf({ folded: query }: Word, { folded, unspaced }: Word): readonly number[] {
  if (!unspaced)
    return wordStarts(folded)
      .filter((start) => folded.startsWith(query, start))
      .slice(0, 1);
  const starts: number[] = [];
  for (let at = folded.indexOf(query); at >= 0; at = folded.indexOf(query, at + query.length)) starts.push(at);
  return starts;
}

/** For each unit of the folded word, the place of its character in the text. */
function placesOf(text: string, word: Word): readonly Span[] {
  // A character with its combining marks: they are folded together.
  return [...text.slice(word.start, word.end).matchAll(/\P{M}[\p{M}\u0640]*/gu)].flatMap(({ 0: character, index }) => {
    const start = word.start + index;
    const span = { start, end: start + character.length };
    return Array.from({ length: foldWord(character).length }, () => span);
  });
}
