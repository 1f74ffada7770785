import { formatNumber } from '../../format/numbers.ts';
import { t } from '../../i18n/i18n.ts';

interface PlaceOfImage {
  /** From 0. */
  readonly index: number;
  readonly total: number;
  /** Who sent it, and when. */
  readonly caption: string;
}

/** What stands in for an image where it is not seen. */
export function imageName({ index, total, caption }: PlaceOfImage): string {
  if (total === 1) return t('image.captioned', { caption });
  return t('image.nth', { index: formatNumber(index + 1), total: formatNumber(total), caption });
}

/** The name of the button that shows it large. */
export function openImageName({ index, total, caption }: PlaceOfImage): string {
  if (total === 1) return t('image.open', { caption });
  return t('image.openNth', { index: formatNumber(index + 1), total: formatNumber(total), caption });
}
