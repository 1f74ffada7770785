import { describe, expect, it } from 'vitest';
import { formatLocaleFor, localeFor } from './locales.ts';

describe('the language', () => {
  it.each([
    [['en-GB', 'en'], 'en'],
    [['zh-TW'], 'zh-Hant'],
    [['zh-Hant-HK', 'en'], 'zh-Hant'],
    [['ar-EG', 'en'], 'ar'],
    [['de', 'ar', 'en'], 'ar'],
    [['de'], 'en'],
    [[], 'en'],
  ])('of a browser that prefers %j is %s', (languages, locale) => {
    expect(localeFor(languages)).toBe(locale);
  });

  it('formats times and numbers for the browser’s own region', () => {
    expect(formatLocaleFor('en', ['de', 'en-GB'])).toBe('en-GB');
    expect(formatLocaleFor('ar', ['en-GB'])).toBe('ar');
  });
});
