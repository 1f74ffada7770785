import { LinkifyIt } from 'linkify-it';
import type { Inline } from './message-tree.ts';

/** A link's position in a text. */
export interface FoundLink {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly href: string;
}

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true });
const ALLOWED = new Set(['http:', 'https:', 'mailto:']);

/** Finds web and e-mail addresses in a text, also those without `https://`. */
export function findLinks(text: string): FoundLink[] {
  return (linkify.match(text) ?? []).flatMap(({ index, lastIndex, text: written, url }) =>
    isSafe(url) ? [{ start: index, end: lastIndex, text: written, href: url }] : [],
  );
}

/** Splits a text into links and the text between them. */
export function linked(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const link of findLinks(text)) {
    if (link.start > end) parts.push({ kind: 'text', text: text.slice(end, link.start) });
    parts.push({ kind: 'link', text: link.text, href: link.href });
    end = link.end;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function isSafe(url: string): boolean {
  return URL.canParse(url) && ALLOWED.has(new URL(url).protocol);
}
