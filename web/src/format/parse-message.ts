import type { Code, Nodes, Paragraph, PhrasingContent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { findLinks, linked, type FoundLink } from './links.ts';
import type { Block, Inline } from './message-tree.ts';

/** What people write in a chat without meaning Markdown by it, or what would hide something: shown as it is. */
const DISABLED = [
  ...['autolink', 'characterEscape', 'characterReference', 'codeIndented', 'definition', 'hardBreakEscape'],
  ...['headingAtx', 'htmlFlow', 'htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink'],
  ...['setextUnderline', 'thematicBreak'],
];
const EXTENSIONS = [{ disable: { null: DISABLED } }];

/**
 * The parser's time grows with the square of these: 8,000 characters of nothing else took it 4.6 s. Nobody writes so
 * many, so a message that has them is shown as plain text.
 */
const MARKS_MAX = 400;
const NESTED = /^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])){9}/m;
const LINES_MAX = 1_000;

/** Reads bold, italic, code, quotes, lists and links out of a message. Loses none of its words. */
export function parseMessage(source: string): Block[] {
  if (isHostile(source)) return [{ kind: 'paragraph', children: linked(source) }];
  return new Reader(source).blocks(fromMarkdown(source, { extensions: EXTENSIONS }).children, 'root');
}

function isHostile(source: string): boolean {
  const marks = source.match(/[*_>]/g)?.length ?? 0;
  return marks > MARKS_MAX || NESTED.test(source) || source.split('\n', LINES_MAX + 1).length > LINES_MAX;
}

/** Where a block stands: in the message itself, or in a quote or list. */
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
    // The parser drops what the first line is indented by.
    const indent = /[ \t]*$/.exec(this.#source.slice(0, node.position?.start.offset ?? 0))?.[0] ?? '';
    return [{ kind: 'text', text: indent + first.text }, ...rest];
  }

  #inlines(nodes: readonly PhrasingContent[], inside: Place): Inline[] {
    return nodes.flatMap((node): Inline[] => {
      if (node.type === 'strong' || node.type === 'emphasis') return this.#emphasis(node, inside);
      if (node.type === 'inlineCode') return [{ kind: 'code', text: node.value }];
      if (node.type === 'break') return [{ kind: 'text', text: '\n' }];
      // Within a quote or a list its marks stand between the lines; elsewhere the indentation of lines is kept.
      if (node.type === 'text' && inside === 'container') return [{ kind: 'text', text: node.value }];
      return [{ kind: 'text', text: this.#written(node) }];
    });
  }

  /** `2*3*4`, an address with stars in it and `¯\\_(ツ)_/¯` mean nothing by them. */
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

  /** Where words are set apart by spaces: Chinese has none, and stresses within a line. */
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

/** A word after the fence names the language; more than one is text of somebody who forgot the line break. */
function codeBlock({ lang, meta, value }: Code): Block {
  if (!meta) return { kind: 'code', text: value, language: lang ?? '' };
  return { kind: 'code', text: `${lang ?? ''} ${meta}\n${value}`.trim(), language: '' };
}

/** Joins texts that follow each other, and finds the links in them. */
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
