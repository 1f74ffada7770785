/** The pictures of the README, taken of a seeded Parley: `node --conditions=source e2e/screenshots/readme.ts`. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { launchBrowser } from '../harness/browser.ts';
import { startEmbedded } from '../harness/parley.ts';

const images = join(import.meta.dirname, '..', '..', 'docs', 'images');
const seed = join(import.meta.dirname, '..', '..', 'e2e', 'tools', 'seed.ts');

const SHOTS = [
  { name: 'chat-wide', width: 1440, height: 900, colorScheme: 'light', room: 'Observatory' },
  { name: 'chat-wide-dark', width: 1440, height: 900, colorScheme: 'dark', room: 'Data pipeline' },
  { name: 'chat-phone', width: 390, height: 844, colorScheme: 'light', room: 'Observatory' },
  { name: 'rooms-phone-dark', width: 390, height: 844, colorScheme: 'dark', room: null },
] as const;

const parley = await startEmbedded();
const browser = await launchBrowser();
try {
  const [url] = parley.urls;
  execFileSync(process.execPath, ['--conditions=source', seed, '--url', url], { stdio: 'inherit' });
  for (const { name, width, height, colorScheme, room } of SHOTS) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${url}/login`);
    await page.getByLabel('E-mail').fill('vera@observatory.example');
    await page.getByLabel('Password', { exact: true }).fill('parley-demo-password');
    await page.getByRole('button', { name: 'Log in' }).click();
    const rooms = page.getByRole('list', { name: 'Rooms' });
    await rooms.getByRole('link').first().waitFor();
    if (room !== null) {
      await rooms.getByRole('link', { name: room }).click();
      await page.getByRole('log', { name: 'Messages' }).locator('[data-message-id]').last().waitFor();
    }
    await page.screenshot({ path: join(images, `${name}.png`) });
    await context.close();
  }
} finally {
  await browser.close();
  await parley.stop();
}
