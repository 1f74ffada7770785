import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { Person } from './browser.ts';

/** A file as a page's picker takes it. */
export interface ImageFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A picture painted in the page. */
export async function paint(
  page: Page,
  { width, height, colour }: { width: number; height: number; colour: string },
): Promise<ImageFile> {
  const address = await page.evaluate(`(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: ${width}, height: ${height} });
    const context = canvas.getContext('2d');
    context.fillStyle = '${colour}';
    context.fillRect(0, 0, ${width}, ${height});
    return canvas.toDataURL('image/png');
  })()`);
  const buffer = Buffer.from(String(address).replace(/^.*,/, ''), 'base64');
  return { name: `${colour}.png`, mimeType: 'image/png', buffer };
}

/** The images of the open room's draft. */
export const tray = ({ page }: Person) => page.getByRole('list', { name: 'Images to send' }).getByRole('listitem');

export const pick = (person: Person, files: readonly ImageFile[]): Promise<void> =>
  person.page.getByLabel('Images', { exact: true }).setInputFiles([...files]);

/** A PNG of random pixels, which no encoder makes smaller: about `3 * width * height` bytes. */
export function noisePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits per sample, RGB.
  header.set([8, 2], 8);
  const row = 1 + 3 * width;
  const pixels = randomBytes(row * height);
  for (let y = 0; y < height; y++) pixels[y * row] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(pixels)), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(content.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
