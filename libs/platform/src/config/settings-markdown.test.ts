import { expect, test } from 'vitest';
import { settingsMarkdown } from './settings-markdown.ts';
import { SETTINGS } from './settings.ts';

test('every setting has a row of three cells', () => {
  const rows = settingsMarkdown().trimEnd().split('\n').slice(2);
  expect(rows).toHaveLength(Object.keys(SETTINGS).length);
  for (const row of rows) expect(row).toMatch(/^\| `PARLEY_\w+`.* \| [^|]+ \| [^|]+ \|$/);
});

test('a row shows the default of each process that reads the setting', () => {
  expect(settingsMarkdown()).toContain('| `8080` (gateway, standalone), `8081` (room), `8082` (message) |');
  expect(settingsMarkdown()).toContain('| `PARLEY_MONGO_URL` or `PARLEY_MONGO_URL_FILE` |');
  expect(settingsMarkdown()).toContain('| required (room, message, migrate) |');
});

test('docs/settings.md is this table (vitest -u writes it)', async () => {
  const page = `# Settings\n\nAll of Parley's settings are environment variables, checked when a process starts. One that is named with \`_FILE\` may be\ngiven as the path of a file that holds it.\n\n${settingsMarkdown()}`;
  await expect(page).toMatchFileSnapshot('../../../../docs/settings.md');
});
