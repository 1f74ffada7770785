import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { LOCALES } from './locales.ts';
import { pluralForms } from './plural-forms.ts';

type Messages = Record<string, string>;

/** The source files, not the compiled messages. */
function read(locale: string): Messages {
  const file = new URL(`./messages/${locale}.json`, import.meta.url);
  const sections = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Messages>);
  return Object.fromEntries(
    sections.flatMap(([section, messages]) =>
      Object.entries(messages).map(([key, text]) => [`${section}.${key}`, text]),
    ),
  );
}

const english = read('en');
const isCounted = (key: string): boolean => (english[key] ?? '').includes('|');
const parameters = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

describe.each(LOCALES)('the messages in $name', ({ locale }) => {
  const messages = read(locale);
  const keys = Object.keys(messages);

  it('have the same keys as the English ones', () => {
    expect(keys.sort()).toEqual(Object.keys(english).sort());
  });

  it('are not empty', () => {
    expect(keys.filter((key) => messages[key]?.split('|').some((form) => form.trim() === ''))).toEqual([]);
  });

  it('have the parameters of the English ones', () => {
    const differing = keys.filter((key) => {
      const [own, wanted] = [parameters(messages[key] ?? ''), parameters(english[key] ?? '')];
      return own.join() !== wanted.join();
    });
    // A form for one or two may use a word instead of the number.
    expect(differing.filter((key) => !isCounted(key))).toEqual([]);
    for (const key of differing) expect([...parameters(messages[key] ?? ''), '{count}']).toContain('{count}');
  });

  it('have as many plural forms as the language', () => {
    const wrong = keys.filter((key) => {
      const forms = (messages[key] ?? '').split('|').length;
      return forms !== (isCounted(key) ? pluralForms(locale).length : 1);
    });
    expect(wrong).toEqual([]);
  });
});
