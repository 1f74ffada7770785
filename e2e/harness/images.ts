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
