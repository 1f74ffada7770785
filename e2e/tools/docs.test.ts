import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
/** Without docs/benchmarks/, whose texts are included in docs/benchmarks.md. */
const pages = globSync(['*.md', 'docs/*.md', 'docs/decisions/*.md'], { cwd: root });

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8').replaceAll(/^```.*?^```/gms, '');

/** Targets of the page's links to files of the repository. */
const linksOf = (page: string): string[] =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, target]) => target?.split('#')[0] ?? [])
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

/** Paths in inline code that start with a top-level folder of the sources, such as `libs/protocol/src/limits.ts`. */
const pathsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/`((?:deploy|docs|e2e|libs|services|web)\/[\w./-]*)`/g)].flatMap(([, path]) => path ?? []);

test.each(pages)('every link in %s leads to a file', (page) => {
  const broken = linksOf(page).filter((target) => !existsSync(join(root, dirname(page), target)));
  expect(broken).toEqual([]);
});

test.each(['docs/glossary.md', 'docs/architecture.md'])('every file that %s names exists', (page) => {
  const paths = pathsOf(page);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
