import { LinkifyIt } from 'linkify-it';

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'block'; readonly text: string };

const linkify = new LinkifyIt();
const ALLOWED = /^(https?|ftp|mailto):/i;
const CODE = /```(?:[a-z0-9+#-]*\n)?([\s\S]+?)\n?```|`([^`\n]+)`/gi;

/** Cuts a message's text into plain text, links and code. The parts hold text only, never markup. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(CODE)) {
    const before = text.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[1] !== undefined) {
      // A block stands on lines of its own, so that the breaks around it are not shown twice.
      pushLinked(parts, before.replace(/\n$/, ''));
      parts.push({ kind: 'block', text: match[1] });
      if (text[end] === '\n') end += 1;
    } else {
      pushLinked(parts, before);
      parts.push({ kind: 'code', text: match[2] ?? '' });
    }
  }
  pushLinked(parts, text.slice(end));
  return parts;
}

function pushLinked(parts: TextPart[], text: string): void {
  let end = 0;
  for (const match of linkify.match(text) ?? []) {
    if (!ALLOWED.test(match.url)) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({ kind: 'link', text: match.text, href: match.url });
    end = match.lastIndex;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
}

/** Not \p{RGI_Emoji}: compiling that took 0.6 s, in the middle of the first page of messages. */
const EMOJI_ONLY = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\s]+$/u;

/** Whether a message is up to six emoji and nothing else: then it is shown larger. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 80 || text.trim() === '' || !EMOJI_ONLY.test(text)) return false;
  return [...new Intl.Segmenter().segment(text.replace(/\s/g, ''))].length <= 6;
}
