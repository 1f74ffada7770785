import { shallowRef } from 'vue';
import type { Block } from './message-tree.ts';

/** Matches texts that may contain formatting: only for those the parser is loaded. */
const MARKED = /[*_`>~]|^[ \t]*(?:[-+]|\d+[.)])[ \t]|:\/\/|[\p{L}\p{N}][.@]\p{L}|mailto:/mu;

/** How many parsed messages are cached: those on the screen are rendered repeatedly. */
const KEPT_MAX = 400;

type Parse = (source: string) => Block[];

const parser = shallowRef<Parse | 'failed' | null>(null);
let loading: Promise<void> | undefined;
const kept = new Map<string, readonly Block[]>();

/** A message without formatting. */
const plain = (source: string): readonly Block[] => [{ kind: 'paragraph', children: [{ kind: 'text', text: source }] }];

/** Loads the parser, once; if that fails, messages are shown without formatting. */
export function loadMessageParser(): Promise<void> {
  loading ??= import('./parse-message.ts').then(
    ({ parseMessage }) => void (parser.value = parseMessage),
    () => void (parser.value = 'failed'),
  );
  return loading;
}

/** A message's blocks; without formatting until the parser is loaded. */
export function messageBlocks(source: string): readonly Block[] {
  if (!MARKED.test(source) || parser.value === 'failed') return plain(source);
  if (parser.value === null) {
    void loadMessageParser();
    return plain(source);
  }
  const known = kept.get(source) ?? parser.value(source);
  kept.delete(source);
  kept.set(source, known);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_MAX) break;
    kept.delete(oldest);
  }
  return known;
}

/** Whether the texts can be rendered in their final form. If not, starts to load the parser. */
export function areReadable(texts: Iterable<string>): boolean {
  if (parser.value !== null) return true;
  for (const text of texts) {
    if (!MARKED.test(text)) continue;
    void loadMessageParser();
    return false;
  }
  return true;
}
