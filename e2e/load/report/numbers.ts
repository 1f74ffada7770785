/** `12`, `1.2`, `0.012`: two digits that matter, or all before the point; thousands apart. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-GB', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** How many times `value` is `base`; `–` when there is no base. */
export const ratio = (value: number, base: number | undefined): string =>
  base === undefined || base === 0 ? '–' : `${shortNumber(value / base)} ×`;
