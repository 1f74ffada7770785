/** The icons of the installed app, drawn from the favicon: `node --conditions=source e2e/screenshots/icons.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../harness/browser.ts';

const folder = join(import.meta.dirname, '..', '..', 'web', 'public');
const mark = readFileSync(join(folder, 'favicon.svg'), 'utf8');

/** Systems cut a maskable icon to their own shape, a circle at the least: its colour fills it, its mark keeps away. */
const ICONS = [
  { name: 'icon-192', size: 192, maskable: false },
  { name: 'icon-512', size: 512, maskable: false },
  { name: 'icon-maskable-512', size: 512, maskable: true },
] as const;

const browser = await launchBrowser();
try {
  for (const { name, size, maskable } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const background = maskable ? /rect[^>]*fill="([^"]+)"/.exec(mark)?.[1] : 'transparent';
    const inner = maskable ? '80%' : '100%';
    await page.setContent(
      `<style>*{margin:0}body{display:grid;place-items:center;height:100vh;background:${background}}svg{width:${inner}}</style>${mark}`,
    );
    await page.screenshot({ path: join(folder, 'icons', `${name}.png`), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
