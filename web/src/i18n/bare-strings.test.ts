import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { babelParse, parse } from 'vue/compiler-sfc';

const root = join(import.meta.dirname, '..');
const shown = ['app', 'components', 'composables', 'format', 'pages', 'stores'];
const files = globSync(
  shown.map((folder) => `${folder}/**/*.{vue,ts}`),
  { cwd: root },
).filter((file) => !file.endsWith('.test.ts'));

/** A letter of any script, outside of `{{ … }}`. */
const WORDS = /\p{L}/u;
/** Names that are the same in every language. */
const NAMES = /^(Parley|http:\/\/localhost|PARLEY_\w+)$/;
/** Attributes that are shown, or read out by screen readers. */
const READ = /^(aria-label|aria-description|title|placeholder|alt|label|description|subtitle|action|hint|caption)$/;
/** Texts for users begin like this; names of events, keys and icons do not. */
const SENTENCE = /^\p{Lu}\p{Ll}*[’ ,.…?!]/u;

interface TemplateNode {
  readonly type: number;
  readonly content?: string | TemplateNode;
  readonly children?: readonly TemplateNode[];
  readonly props?: readonly {
    readonly type: number;
    readonly name: string;
    readonly value?: { readonly content: string };
  }[];
}

function inTemplate(node: TemplateNode): string[] {
  const text = node.type === 2 && typeof node.content === 'string' ? [node.content.trim()] : [];
  const attributes = (node.props ?? []).flatMap(({ type, name, value }) =>
    type === 6 && READ.test(name) && value !== undefined ? [value.content] : [],
  );
  const below = (node.children ?? []).flatMap(inTemplate);
  return [...[...text, ...attributes].filter((found) => WORDS.test(found) && !NAMES.test(found)), ...below];
}

function inScript(source: string): string[] {
  return literals(babelParse(source, { sourceType: 'module', plugins: ['typescript'] }).program.body).filter((text) =>
    SENTENCE.test(text),
  );
}

/** The strings in a syntax tree. */
function literals(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('type' in node && node.type === 'StringLiteral' && 'value' in node) return [String(node.value)];
  if ('cooked' in node) return [String(node.cooked)];
  return Object.values(node).flatMap(literals);
}

function bareStrings(file: string, source: string): string[] {
  if (file.endsWith('.ts')) return inScript(source);
  const { descriptor } = parse(source, { filename: file });
  const expressions = [...source.matchAll(/(?:\{\{|=")([^"{}]*)(?:\}\}|")/g)].flatMap(([, code = '']) => [
    ...code.matchAll(/'([^']+)'|`([^`]+)`/g),
  ]);
  return [
    ...inTemplate((descriptor.template?.ast ?? { type: 0 }) as TemplateNode),
    ...inScript(descriptor.scriptSetup?.content ?? ''),
    ...expressions.map(([, plain, template]) => plain ?? template ?? '').filter((text) => SENTENCE.test(text)),
  ];
}

describe('no text is outside of the message files in', () => {
  it.each(files)('%s', (file) => {
    expect(bareStrings(file, readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });
});

describe('the check finds a bare string', () => {
  it.each([
    '<template><p>Hello</p></template>',
    '<template><p title="Hello" /></template>',
    `<template><p :title="open ? 'Hello there' : ''" /></template>`,
    `<template><p>{{ open ? 'Hello there' : '' }}</p></template>`,
    `<script setup lang="ts">const text = 'Something went wrong.';</script><template><p /></template>`,
  ])('in %s', (source) => expect(bareStrings('x.vue', source)).toHaveLength(1));
});

const PHYSICAL =
  /(?:^|[\s"'`:])-?(?:[pm][lr]|left|right|border-[lr]|rounded-[lr]|text-(?:left|right))(?:-[\w.[\]/]+)?(?=[\s"'`])/g;

/** Classes for a physical side, left or right. */
function sidedClasses(template: string): string[] {
  const values = [...template.matchAll(/class="([^"]*)"/g)].map(([, value]) => `"${value ?? ''}"`);
  return values.flatMap((value) => value.match(PHYSICAL) ?? []).map((found) => found.slice(1));
}

describe('no class names a physical side, which right-to-left languages mirror, in', () => {
  it.each(files.filter((file) => file.endsWith('.vue')))('%s', (file) => {
    expect(sidedClasses(readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });
});

it('the check finds classes that name a physical side', () => {
  expect(sidedClasses(`<p class="flex ml-2" :class="on ? 'left-1/2' : 'coarse:-mr-1 text-right'" />`)).toEqual([
    'ml-2',
    'left-1/2',
    '-mr-1',
    'text-right',
  ]);
});
