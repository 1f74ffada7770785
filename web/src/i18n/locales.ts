/** The languages of the client, each by its own name. */
export const LOCALES = [
  { locale: 'en', name: 'English', dir: 'ltr' },
  { locale: 'zh-Hant', name: '繁體中文', dir: 'ltr' },
  { locale: 'ar', name: 'العربية', dir: 'rtl' },
] as const;

export type Locale = (typeof LOCALES)[number]['locale'];

export const isLocale = (value: unknown): value is Locale => LOCALES.some(({ locale }) => locale === value);

/** The first of the browser's languages that the client has. Any Chinese matches Traditional Chinese. */
export function localeFor(languages: readonly string[]): Locale {
  for (const language of languages) {
    const spoken = LOCALES.find(({ locale }) => primary(locale) === primary(language));
    if (spoken !== undefined) return spoken.locale;
  }
  return 'en';
}

/** The locale for times and numbers: the browser's regional variant of the language, such as `en-GB`, if it has one. */
export function formatLocaleFor(locale: Locale, languages: readonly string[]): string {
  return languages.find((language) => language.startsWith(`${locale}-`)) ?? locale;
}

const primary = (language: string): string => language.split('-', 1)[0]?.toLowerCase() ?? '';
