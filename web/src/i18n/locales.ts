/** The languages Parley speaks, each by its own name. */
export const LOCALES = [
  { locale: 'en', name: 'English', dir: 'ltr' },
  { locale: 'zh-Hant', name: '繁體中文', dir: 'ltr' },
  { locale: 'ar', name: 'العربية', dir: 'rtl' },
] as const;

export type Locale = (typeof LOCALES)[number]['locale'];

export const isLocale = (value: unknown): value is Locale => LOCALES.some(({ locale }) => locale === value);

/** The first language of the browser's that Parley speaks. Chinese of any kind is better read than English. */
export function localeFor(languages: readonly string[]): Locale {
  for (const language of languages) {
    const spoken = LOCALES.find(({ locale }) => primary(locale) === primary(language));
    if (spoken !== undefined) return spoken.locale;
  }
  return 'en';
}

/** Whose way to write times and numbers fits the language: `en-GB` for English, where the browser says so. */
export function formatLocaleFor(locale: Locale, languages: readonly string[]): string {
  return languages.find((language) => language.startsWith(`${locale}-`)) ?? locale;
}

const primary = (language: string): string => language.split('-', 1)[0]?.toLowerCase() ?? '';
