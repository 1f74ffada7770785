import type { Code, Nodes, Paragraph, PhrasingContent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { findLinks, linked, type FoundLink } from './links.ts';
import type { Block, Inline } from './message-tree.ts';

/** Markdown that users type unintentionally, or that would hide text: shown as it is. */
const DISABLED = [
  ...['autolink', 'characterEscape', 'characterReference', 'codeIndented', 'definition', 'hardBreakEscape'],
  ...['headingAtx', 'htmlFlow', 'htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink'],
  ...['setextUnderline', 'thematicBreak'],
];
const EXTENSIONS = [{ disable: { null: DISABLED } }];

/**
 * The parser's time grows with the square of the number of marks: 8,000 of them took 4.6 s. A message with more marks
 * than this is shown as plain text.
 */
const MARKS_MAX = 400;
const NESTED = /^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])){9}/m;
const LINES_MAX = 1_000;

/** Parses bold, italic, code, quotes, lists and links of a message. Drops none of its text. */
export function parseMessage(source: string): Block[] {
  if (isHostile(source)) return [{ kind: 'paragraph', children: linked(source) }];
  return new Reader(source).blocks(fromMarkdown(source, { extensions: EXTENSIONS }).children, 'root');
}

function isHostile(source: string): boolean {
  const marks = source.match(/[*_>]/g)?.length ?? 0;
  return marks > MARKS_MAX || NESTED.test(source) || source.split('\n', LINES_MAX + 1).length > LINES_MAX;
}

/** Where a block is: at the top level, or in a quote or list. */
type Place = 'root' | 'container';

class Reader {
  readonly #source: string;
  readonly #links: readonly FoundLink[];

  constructor(source: string) {
    this.#source = source;
    this.#links = findLinks(source);
  }

  blocks(nodes: readonly RootContent[], inside: Place): Block[] {
    return nodes.map((node) => this.#block(node, inside));
  }

  #block(node: RootContent, inside: Place): Block {
    if (node.type === 'paragraph') return { kind: 'paragraph', children: this.#paragraph(node, inside) };
    if (node.type === 'blockquote') return { kind: 'quote', children: this.blocks(node.children, 'container') };
    if (node.type === 'code') return codeBlock(node);
    if (node.type === 'list') {
      const items = node.children.map((item) => this.blocks(item.children, 'container'));
      return { kind: 'list', start: node.ordered ? (node.start ?? 1) : null, items };
    }
    return { kind: 'paragraph', children: linked(this.#written(node)) };
  }

  #paragraph(node: Paragraph, inside: Place): Inline[] {
    const inlines = withLinks(this.#inlines(node.children, inside));
    const [first, ...rest] = inlines;
    if (inside !== 'root' || first?.kind !== 'text') return inlines;
    // The parser drops the indentation of the first line.
    const indent = /[ \t]*$/.exec(this.#source.slice(0, node.position?.start.offset ?? 0))?.[0] ?? '';
    return [{ kind: 'text', text: indent + first.text }, ...rest];
  }

  #inlines(nodes: readonly PhrasingContent[], inside: Place): Inline[] {
    return nodes.flatMap((node): Inline[] => {
      if (node.type === 'strong' || node.type === 'emphasis') return this.#emphasis(node, inside);
      if (node.type === 'inlineCode') return [{ kind: 'code', text: node.value }];
      if (node.type === 'break') return [{ kind: 'text', text: '\n' }];
      // The source of a quote or list has marks between the lines. Elsewhere the source keeps the lines' indentation.
      if (node.type === 'text' && inside === 'container') return [{ kind: 'text', text: node.value }];
      return [{ kind: 'text', text: this.#written(node) }];
    });
  }

  /** Marks are plain text in `2*3*4`, in addresses and in `¯\\_(ツ)_/¯`. */
  #emphasis(node: Extract<PhrasingContent, { type: 'strong' | 'emphasis' }>, inside: Place): Inline[] {
    const children = this.#inlines(node.children, inside);
    const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    const mark = this.#source.slice(start, start + (node.type === 'strong' ? 2 : 1));
    const isEscaped = this.#source.charAt(start - 1) === '\\';
    if (!isEscaped && !this.#isWithinWord(start, end) && !this.#isInLink(start) && !this.#isInLink(end - 1)) {
      return [{ kind: node.type, children: withLinks(children) }];
    }
    return [{ kind: 'text', text: mark }, ...children, { kind: 'text', text: mark }];
  }

  /** For Latin script only: Chinese has no spaces between words, so its emphasis touches other characters. */
  #isWithinWord(start: number, end: number): boolean {
    return [this.#source.charAt(start - 1), this.#source.charAt(end)].some((next) =>
      /[\p{Script=Latin}\p{N}]/u.test(next),
    );
  }

  #isInLink(offset: number): boolean {
    return this.#links.some(({ start, end }) => offset >= start && offset < end);
  }

  #written({ position }: Nodes): string {
    return this.#source.slice(position?.start.offset ?? 0, position?.end.offset ?? 0);
  }
}

/** One word after the fence is the language; several words are code without a line break after the fence. */
function codeBlock({ lang, meta, value }: Code): Block {
  if (!meta) return { kind: 'code', text: value, language: lang ?? '' };
  return { kind: 'code', text: `${lang ?? ''} ${meta}\n${value}`.trim(), language: '' };
}

/** Joins adjacent texts, and finds the links in them. */
function withLinks(inlines: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const inline of inlines) {
    const last = joined.at(-1);
    if (inline.kind === 'text' && last?.kind === 'text') {
      joined[joined.length - 1] = { kind: 'text', text: last.text + inline.text };
    } else joined.push(inline);
  }
  return joined.flatMap((inline) => (inline.kind === 'text' ? linked(inline.text) : [inline]));
}
