import { shallowRef } from 'vue';
import type { Block } from './message-tree.ts';

/** Whether anything in a text may be more than plain words: then, and only then, the parser is loaded. */
const MARKED = /[*_`>~]|^[ \t]*(?:[-+]|\d+[.)])[ \t]|:\/\/|[\p{L}\p{N}][.@]\p{L}|mailto:/mu;

/** So many parsed messages are kept: a screen of them is drawn again and again. */
const KEPT_MAX = 400;

type Parse = (source: string) => Block[];

const parser = shallowRef<Parse | 'failed' | null>(null);
let loading: Promise<void> | undefined;
const kept = new Map<string, readonly Block[]>();

/** The message as it was written. */
const plain = (source: string): readonly Block[] => [{ kind: 'paragraph', children: [{ kind: 'text', text: source }] }];

/** Loads the parser, once; without it messages are shown as they were written. */
export function loadMessageParser(): Promise<void> {
  loading ??= import('./parse-message.ts').then(
    ({ parseMessage }) => void (parser.value = parseMessage),
    () => void (parser.value = 'failed'),
  );
  return loading;
}

/** What stands in a message: as it was written, until the parser is there. */
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

/** Whether these can be drawn as they will stay. Where they cannot, the parser is on its way. */
export function areReadable(texts: Iterable<string>): boolean {
  if (parser.value !== null) return true;
  for (const text of texts) {
    if (!MARKED.test(text)) continue;
    void loadMessageParser();
    return false;
  }
  return true;
}
