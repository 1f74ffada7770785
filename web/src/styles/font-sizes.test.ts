import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');

it('font sizes come from the tokens', async () => {
  const literals: string[] = [];
  for await (const file of glob('**/*.{vue,css,ts}', { cwd: source })) {
    if (file.endsWith('.test.ts') || file === 'styles/tokens.css') continue;
    const found = readFileSync(join(source, file), 'utf8').match(/font-size: *[\d.]+px|text-\[[\d.]+(px|r?em)\]/g);
    literals.push(...(found ?? []).map((literal) => `${file}: ${literal}`));
  }
  expect(literals).toEqual([]);
});
