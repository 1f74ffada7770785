import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { animation, picture } from '../testing/images.ts';
import { processImage } from './image-processor.ts';
import { TimeLimit } from './time-limit.ts';

const SECONDS = 20;
const process = (content: Uint8Array) => processImage(content, new TimeLimit(SECONDS));

describe('an uploaded image', () => {
  test.each(['png', 'jpeg', 'webp', 'gif'] as const)('stays a %s, and keeps its size', async (format) => {
    const made = await process(await picture(80, 60).toFormat(format).toBuffer());
    expect(made).toMatchObject({ contentType: `image/${format}`, width: 80, height: 60 });
    expect(await sharp(made.image).metadata()).toMatchObject({ format, width: 80, height: 60 });
  });

  test('is turned upright, and loses its metadata', async () => {
    const taken = await picture(80, 60)
      .withExif({ IFD0: { Copyright: 'Ada' }, IFD3: { GPSLatitude: '52/1 13/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await sharp(taken).metadata()).toMatchObject({ orientation: 6 });
    const made = await process(taken);
    expect([made.width, made.height]).toEqual([60, 80]);
    for (const bytes of [made.image, made.thumbnail]) {
      const { orientation, exif, xmp, iptc } = await sharp(bytes).metadata();
      expect([orientation, exif, xmp, iptc]).toEqual([undefined, undefined, undefined, undefined]);
    }
    const small = await sharp(made.thumbnail).metadata();
    expect([small.width, small.height]).toEqual([60, 80]);
  });

  test.each(['gif', 'webp'] as const)(
    'that moves still moves as a %s, and stands still as a thumbnail',
    async (format) => {
      const moving = await (await animation(40, 30, 3)).toFormat(format, { loop: 0, delay: [50, 60, 70] }).toBuffer();
      const made = await process(moving);
      expect([made.width, made.height]).toEqual([40, 30]);
      const metadata = await sharp(made.image, { animated: true }).metadata();
      expect([metadata.format, metadata.pages, metadata.pageHeight]).toEqual([format, 3, 30]);
      expect(metadata.delay).toEqual([50, 60, 70]);
      const still = await sharp(made.thumbnail, { animated: true }).metadata();
      expect([still.pages ?? 1, still.height]).toEqual([1, 30]);
    },
  );

  test('has a thumbnail that fits into 640 pixels', async () => {
    const { thumbnail } = await process(await picture(1_000, 2_000).png().toBuffer());
    expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'webp', width: 320, height: 640 });
  });

  test.each([
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
    ],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['nothing', Buffer.alloc(0)],
  ])('is refused when it is %s', async (_name, content) => {
    await expect(process(content)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('of another format (TIFF) is refused', async () => {
    await expect(process(await picture(9, 9).tiff().toBuffer())).rejects.toMatchObject({ code: 'invalid' });
  });

  test('that is truncated is refused', async () => {
    const noise = sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    });
    const whole = await noise.jpeg().toBuffer();
    await expect(process(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ code: 'invalid' });
  });

  test('with more than 33 million pixels in all its frames is refused', async () => {
    const still = await picture(6_000, 6_000).png().toBuffer();
    await expect(process(still)).rejects.toMatchObject({ code: 'too_large' });
    const moving = await (await animation(3_000, 3_000, 4)).gif().toBuffer();
    await expect(process(moving)).rejects.toMatchObject({ code: 'too_large' });
  });

  test.each([
    ['before it is encoded', []],
    ['before its thumbnail is made', [SECONDS]],
  ])('is refused when its time is over %s', async (_when, left) => {
    const limit = { secondsLeft: () => left.shift() ?? 0 };
    const content = await picture(80, 60).png().toBuffer();
    await expect(processImage(content, limit)).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('takes too long'),
    });
    expect(left).toEqual([]);
  });

  test('is processed within the last second', async () => {
    const made = await processImage(await picture(80, 60).png().toBuffer(), { secondsLeft: () => 1 });
    expect(made.thumbnail.byteLength).toBeGreaterThan(0);
  });
});
