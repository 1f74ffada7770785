import { formatNumber } from '../../format/numbers.ts';
import { t } from '../../i18n/i18n.ts';

interface PlaceOfImage {
  /** Zero-based. */
  readonly index: number;
  readonly total: number;
  /** Author and time. */
  readonly caption: string;
}

/** The alternative text of an image. */
export function imageName({ index, total, caption }: PlaceOfImage): string {
  if (total === 1) return t('image.captioned', { caption });
  return t('image.nth', { index: formatNumber(index + 1), total: formatNumber(total), caption });
}

/** The label of the button that enlarges the image. */
export function openImageName({ index, total, caption }: PlaceOfImage): string {
  if (total === 1) return t('image.open', { caption });
  return t('image.openNth', { index: formatNumber(index + 1), total: formatNumber(total), caption });
}
