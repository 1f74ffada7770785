import { ParleyError } from '@parley/contracts';
import { LIMITS } from '@parley/protocol';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { TimeLimit } from './time-limit.ts';

/** An image as it is stored, and its still thumbnail. */
export interface ProcessedImage {
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly image: Uint8Array;
  readonly thumbnail: Uint8Array;
}

export const THUMBNAIL_TYPE = 'image/webp';
const THUMBNAIL_BOX = 640;

type Encode = (image: Sharp, metadata: Metadata) => Sharp;

/** How each accepted format is encoded again; the format stays the same. */
const FORMATS: Readonly<Record<string, { readonly contentType: string; readonly encode: Encode }>> = {
  jpeg: { contentType: 'image/jpeg', encode: (image) => image.jpeg({ quality: 86 }) },
  png: { contentType: 'image/png', encode: (image, { isPalette }) => image.png({ palette: isPalette === true }) },
  webp: { contentType: 'image/webp', encode: (image) => image.webp({ quality: 86 }) },
  gif: { contentType: 'image/gif', encode: (image) => image.gif() },
};

// Only loaders of the four formats are enabled: libvips can read PDF, SVG and dozens more.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif'].map((format) => `VipsForeignLoad${format}Buffer`),
});
// Each upload is processed once, so that a cache is of no use.
sharp.cache(false);

/** Rejects with `invalid` or `too_large`; also with `too_large` when the processing takes longer than the limit. */
export async function processImage(
  content: Uint8Array,
  limit: Pick<TimeLimit, 'secondsLeft'>,
): Promise<ProcessedImage> {
  const metadata = await readMetadata(content);
  const format = FORMATS[metadata.format];
  if (format === undefined) throw notAnImage();
  const animated = (metadata.pages ?? 1) > 1;
  if (pixelsOf(metadata) > LIMITS.attachmentPixels) throw tooManyPixels();
  const open = (allFrames: boolean): Sharp => {
    const seconds = limit.secondsLeft();
    // sharp takes a timeout of 0 for no limit.
    if (seconds === 0) throw takesTooLong();
    const options = { animated: allFrames, limitInputPixels: LIMITS.attachmentPixels, failOn: 'error' } as const;
    return sharp(content, options).timeout({ seconds });
  };
  try {
    // Animations are already upright: rotation would rotate the strip of their frames.
    const upright = animated ? open(true) : open(false).autoOrient();
    const { data, info } = await format.encode(upright, metadata).toBuffer({ resolveWithObject: true });
    const box = { width: THUMBNAIL_BOX, height: THUMBNAIL_BOX, fit: 'inside', withoutEnlargement: true } as const;
    const thumbnail = await open(false).autoOrient().resize(box).webp({ quality: 78 }).toBuffer();
    const height = info.pageHeight ?? info.height;
    return { contentType: format.contentType, width: info.width, height, image: data, thumbnail };
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    throw isTimeout(error) ? takesTooLong() : broken(error);
  }
}

async function readMetadata(content: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(content, { animated: true, limitInputPixels: false }).metadata();
  } catch (error) {
    throw notAnImage(error);
  }
}

/** Of all frames together. */
const pixelsOf = ({ width, height, pageHeight = height, pages = 1 }: Metadata): number => width * pageHeight * pages;

const isTimeout = (error: unknown): boolean => error instanceof Error && /timeout/i.test(error.message);

const notAnImage = (cause?: unknown): ParleyError =>
  new ParleyError('invalid', 'This image cannot be sent. Choose a PNG, JPEG, WebP or GIF.', { cause });

const broken = (cause: unknown): ParleyError =>
  new ParleyError('invalid', 'This image is damaged. Save it again and choose it again.', { cause });

const tooManyPixels = (): ParleyError =>
  new ParleyError(
    'too_large',
    `This image has more than ${LIMITS.attachmentPixels / 1e6} million pixels. Make it smaller.`,
  );

const takesTooLong = (): ParleyError =>
  new ParleyError('too_large', 'This image takes too long to process. Make it smaller.');
