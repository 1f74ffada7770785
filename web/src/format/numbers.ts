import { formatLocale } from '../i18n/i18n.ts';

/** `1,234`, in the format of the current language. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(formatLocale.value).format(value);
}

/** `0.9 kB`, `34 kB`, `2.4 MB`. */
export function formatBytes(bytes: number): string {
  const [unit, value] = bytes < 1_000_000 ? ['kilobyte', bytes / 1_000] : ['megabyte', bytes / 1_000_000];
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(formatLocale.value, { style: 'unit', unit, maximumFractionDigits }).format(value);
}
