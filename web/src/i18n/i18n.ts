import { computed } from 'vue';
import { createI18n } from 'vue-i18n';
import type messages from './messages/en.json';
import { formatLocaleFor, isLocale, localeFor, LOCALES, type Locale } from './locales.ts';
import { pluralRule } from './plural-forms.ts';

type Messages = typeof messages;
/** `section.name`, as in messages/en.json. */
export type MessageKey = { [S in keyof Messages]: `${S}.${keyof Messages[S] & string}` }[keyof Messages];
type Parameters = Readonly<Record<string, string>>;

const STORAGE_KEY = 'parley-language';
const languages: readonly string[] = globalThis.navigator?.languages ?? [];

const { global } = createI18n<false>({
  legacy: false,
  locale: 'en',
  messages: {},
  pluralRules: Object.fromEntries(LOCALES.map(({ locale }) => [locale, pluralRule(locale)])),
});

/** The current language of the page. */
export const currentLocale = computed(() => global.locale.value as Locale);
export const direction = computed(() => LOCALES.find(({ locale }) => locale === currentLocale.value)?.dir ?? 'ltr');
/** The locale for Intl formatters. */
export const formatLocale = computed(() => formatLocaleFor(currentLocale.value, languages));

/** The text in the current language. The caller formats numbers among the parameters. */
export function t(key: MessageKey, parameters: Parameters = {}): string {
  return global.t(key, parameters);
}

/** The text in the plural form for `{count}`. */
export function counted(key: MessageKey, count: number, parameters: Parameters = {}): string {
  const formatted = new Intl.NumberFormat(formatLocale.value).format(count);
  return global.t(key, { ...parameters, count: formatted }, count);
}

/** The stored choice of language, or the browser's language. */
export function preferredLocale(): Locale {
  const stored = localStorage.getItem(STORAGE_KEY);
  return isLocale(stored) ? stored : localeFor(languages);
}

/** Chooses a language, and stores the choice. */
export async function chooseLocale(locale: Locale): Promise<void> {
  await showLocale(locale);
  localStorage.setItem(STORAGE_KEY, locale);
}

/** Loads a language's texts, unless they are loaded, and shows them. */
export async function showLocale(locale: Locale): Promise<void> {
  const loaded = (await TEXTS[locale]()) as unknown as { default: Record<string, never> };
  global.setLocaleMessage(locale, loaded.default);
  global.locale.value = locale;
  if (typeof document === 'undefined') return;
  document.documentElement.lang = locale;
  document.documentElement.dir = direction.value;
}

const TEXTS = {
  en: () => import('./messages/en.json'),
  'zh-Hant': () => import('./messages/zh-Hant.json'),
  ar: () => import('./messages/ar.json'),
} satisfies Record<Locale, () => Promise<unknown>>;
