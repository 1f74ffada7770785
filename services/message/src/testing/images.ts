import sharp, { type Sharp } from 'sharp';

/** A picture of one colour. */
export const picture = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r: 20, g: 120, b: 110 } } });

/** An animation whose frames all differ. */
export async function animation(width: number, height: number, frames: number): Promise<Sharp> {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, index) =>
      sharp({ create: { width, height, channels: 3, background: { r: 40 * index, g: 90, b: 200 } } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(pictures, { join: { animated: true } });
}
