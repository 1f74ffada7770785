import { LinkifyIt } from 'linkify-it';
import type { Inline } from './message-tree.ts';

/** Where a link stands in a text. */
export interface FoundLink {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly href: string;
}

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true });
const ALLOWED = new Set(['http:', 'https:', 'mailto:']);

/** The addresses in a text, also those written without `https://`, that lead to a web page or to a letter. */
export function findLinks(text: string): FoundLink[] {
  return (linkify.match(text) ?? []).flatMap(({ index, lastIndex, text: written, url }) =>
    isSafe(url) ? [{ start: index, end: lastIndex, text: written, href: url }] : [],
  );
}

/** Cuts a text into links and what stands between them. */
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
