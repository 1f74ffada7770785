import type { ByteRange } from '@parley/contracts';

/** What a Range header asks of `size` bytes. `all`: nothing special, or something that may be ignored (RFC 9110, 14.2). */
export type WantedRange =
  { readonly kind: 'all' } | { readonly kind: 'unsatisfiable' } | ({ readonly kind: 'part' } & ByteRange);

/** One range of bytes: `bytes=0-99`, `bytes=100-`, `bytes=-100`. */
export function parseRange(header: string | undefined, size: number): WantedRange {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return { kind: 'all' };
  if (first === '') return part(Math.max(0, size - Number(last)), size - 1, size);
  if (last !== '' && Number(last) < Number(first)) return { kind: 'all' };
  return part(Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1), size);
}

const part = (start: number, end: number, size: number): WantedRange =>
  start < size && start <= end ? { kind: 'part', start, end } : { kind: 'unsatisfiable' };
