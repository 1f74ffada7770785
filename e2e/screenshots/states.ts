/**
 * Pictures of the states that a page can be in, each wide, narrow and on a phone, light and dark, to be looked at:
 * `node --conditions=source e2e/screenshots/states.ts FOLDER [NAME…]`, where names choose among the states.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, Person } from '../harness/browser.ts';
import { paint, pick, tray } from '../harness/images.ts';
import { startFragile, type FragileParley } from '../harness/outage.ts';
import { TestUser } from '../harness/test-user.ts';
import { connectAs, openRoomOf } from '../harness/room-log.ts';

const SIZES = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'narrow', width: 1024, height: 768 },
  { name: 'phone', width: 390, height: 844 },
] as const;
const SCHEMES = ['light', 'dark'] as const;
const INSECURE_HOST = 'chat.example';
const LARGE_ROOM = 200;
const PATIENCE_MS = 10_000;
const seed = join(import.meta.dirname, '..', '..', 'e2e', 'tools', 'seed.ts');

/** A Parley in which people have talked, and one of them at a browser. */
class Stage {
  readonly #browser: Browser;
  readonly fragile: FragileParley;

  constructor(browser: Browser, fragile: FragileParley) {
    this.#browser = browser;
    this.fragile = fragile;
  }

  get url(): string {
    return this.fragile.url;
  }

  async stranger(path: string, { origin = this.url, locale = 'en-GB' } = {}): Promise<Page> {
    const context = await this.#browser.newContext({ locale });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await page.goto(`${origin}${path}`);
    return page;
  }

  /** One of those whom the seed made, in a browser that knows nothing yet. */
  async seeded(name: string, locale?: string): Promise<Page> {
    const page = await this.stranger('/login', locale === undefined ? {} : { locale });
    await page.locator('input[type=email]').fill(`${name}@observatory.example`);
    await page.locator('input[type=password]').fill('parley-demo-password');
    await page.keyboard.press('Enter');
    await page.locator('nav a[href^="/rooms/"], li a[href^="/rooms/"]').first().waitFor();
    return page;
  }

  newcomer(name: string): Promise<Person> {
    return Person.signUp(this.#browser, this.url, name);
  }

  async inRoom(name: string, person = 'vera', locale?: string): Promise<Page> {
    const page = await this.seeded(person, locale);
    await page.getByRole('link', { name }).first().click();
    await page.locator('[data-message-id]').last().waitFor();
    return page;
  }
}

const composerOf = (page: Page) => page.getByRole('textbox', { name: 'Message' });

async function pressAtLastMessage(page: Page, name: string): Promise<void> {
  await page.locator('[data-message-id]').last().hover();
  await page.getByRole('toolbar').getByRole('button', { name }).click();
}

/** What each state needs, by its name; returns the page that is in it. */
const STATES: Readonly<Record<string, (stage: Stage) => Promise<Page>>> = {
  'signed-out': (stage) => stage.stranger('/login'),
  'sign-up': (stage) => stage.stranger('/signup'),
  async 'wrong-password'(stage) {
    const page = await stage.stranger('/login');
    await page.getByLabel('E-mail').fill('vera@observatory.example');
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').first().waitFor();
    return page;
  },
  'insecure-origin': (stage) => stage.stranger('/', { origin: `http://${INSECURE_HOST}:${stage.fragile.proxy.port}` }),
  async 'invitation-that-is-none'(stage) {
    const { page } = await stage.newcomer('Nils');
    await page.goto(`${stage.url}/join/${'x'.repeat(32)}`);
    await page.getByRole('heading').first().waitFor();
    return page;
  },
  async invitation(stage) {
    const host = await stage.newcomer('Hanna');
    await host.createRoom('Night shift', []);
    await host.page.getByRole('button', { name: 'Invite by link' }).first().click();
    const link = host.page.getByRole('textbox', { name: 'Invitation link' });
    await link.waitFor();
    while (!(await link.inputValue()).includes('/join/')) await host.nextFrame();
    const page = await stage.stranger(new URL(await link.inputValue()).pathname);
    await page.getByLabel('E-mail').waitFor();
    await host.context.close();
    return page;
  },
  'first-person-alone': async (stage) => (await stage.newcomer('Ada')).page,
  async 'empty-room'(stage) {
    const ada = await stage.newcomer('Ada');
    await ada.createRoom('Engines', []);
    await ada.messagesOrEmpty();
    return ada.page;
  },
  async 'not-found'(stage) {
    const page = await stage.seeded('vera');
    await page.goto(`${stage.url}/no/such/page`);
    await page.getByRole('heading').first().waitFor();
    return page;
  },
  async 'room-that-is-gone'(stage) {
    const page = await stage.seeded('vera');
    await page.goto(`${stage.url}/rooms/room-0123456789abcdef`);
    await page.getByRole('heading', { name: /room/i }).first().waitFor();
    return page;
  },
  conversation: (stage) => stage.inRoom('Observatory'),
  'conversation-with-code': (stage) => stage.inRoom('Data pipeline'),
  'conversation-arabic': (stage) => stage.inRoom('Observatory', 'vera', 'ar'),
  'conversation-chinese': (stage) => stage.inRoom('Observatory', 'vera', 'zh-TW'),
  async mixed(stage) {
    const page = await stage.inRoom('Observatory', 'sofia');
    const say = async (text: string): Promise<void> => {
      await composerOf(page).fill(text);
      await composerOf(page).press('Enter');
      await page.locator('[data-message-id][data-status=success]').last().waitFor();
    };
    await say('مرحبا بالجميع، هل السماء صافية الليلة؟');
    await say('**Bold**, _italic_, `code`, and a list:\n- one\n- two\n\n> quoted');
    await say(
      '```\nfor (const frame of frames) {\n  reduce(frame); // a rather long line that is wider than a phone is\n}\n```',
    );
    await say(`https://example.org/${'a-very-long-path/'.repeat(8)}end`);
    await say('🔭✨');
    const portrait = await paint(page, { width: 600, height: 1000, colour: 'teal' });
    const landscape = await paint(page, { width: 1000, height: 500, colour: 'indigo' });
    await page.getByLabel('Images', { exact: true }).setInputFiles([portrait, landscape]);
    await page.getByRole('list', { name: 'Images to send' }).getByRole('listitem').nth(1).waitFor();
    await say('Two pictures');
    await page.locator('[data-message-id] img').nth(1).waitFor();
    return page;
  },
  async toolbar(stage) {
    const page = await stage.inRoom('Data pipeline', 'priya');
    await pressAtLastMessage(page, 'More actions');
    await page.getByRole('menu').waitFor();
    return page;
  },
  async 'emoji-picker'(stage) {
    const page = await stage.inRoom('Data pipeline', 'priya');
    await pressAtLastMessage(page, 'React with another emoji');
    await page.getByRole('dialog').waitFor();
    return page;
  },
  async 'unread-line'(stage) {
    const ada = await stage.newcomer('Ada');
    const bob = await stage.newcomer('Bob');
    await ada.createRoom('News', ['Bob']);
    await ada.say('Read');
    await bob.openRoom('News');
    await bob.sees('Read');
    await bob.createRoom('Elsewhere', []);
    for (const text of ['Not read yet', 'Nor this, @Bob', 'Nor that']) await ada.say(text);
    await bob.rooms.getByRole('link', { name: /News/ }).getByText('3').first().waitFor();
    await bob.openRoom('News');
    await bob.sees('Nor that');
    await ada.context.close();
    return bob.page;
  },
  async 'unread-list'(stage) {
    const ida = await stage.newcomer('Ida');
    const rob = await stage.newcomer('Rob');
    await ida.createRoom('News', ['Rob']);
    await ida.createRoom('A room whose name is far too long for the list of rooms to show it whole', ['Rob']);
    await ida.say('A last message that is long enough to be cut where the line ends, as it should be');
    await ida.openRoom('News');
    await ida.say('Hello @Rob');
    await rob.rooms.getByRole('link', { name: /News/ }).getByText('1').first().waitFor();
    await ida.context.close();
    return rob.page;
  },
  async 'draft-with-images'(stage) {
    const ada = await stage.newcomer('Ada');
    await ada.createRoom('Drafts', []);
    await ada.say('Look at these');
    await ada.composer.fill('Two pictures of the dome,\ntaken this morning');
    await pick(ada, [
      await paint(ada.page, { width: 800, height: 600, colour: 'teal' }),
      await paint(ada.page, { width: 400, height: 900, colour: 'orange' }),
    ]);
    await tray(ada).nth(1).waitFor();
    return ada.page;
  },
  async 'pending-offline'(stage) {
    const ada = await stage.newcomer('Ada');
    await ada.createRoom('Tunnel', []);
    await ada.say('before the tunnel');
    await ada.sees('before the tunnel');
    stage.fragile.proxy.cut();
    await ada.page.getByRole('status', { name: 'Connection' }).first().waitFor();
    await ada.say('in the tunnel');
    await ada.say('still in it');
    await ada.sees('still in it');
    return ada.page;
  },
  async 'cached-offline'(stage) {
    const page = await stage.inRoom('Observatory', 'omar');
    stage.fragile.proxy.cut();
    await page.getByRole('status', { name: 'Connection' }).first().waitFor();
    return page;
  },
  async failed(stage) {
    const ada = await stage.newcomer('Ada');
    await ada.createRoom('Failures', []);
    await ada.say('this one arrives');
    await ada.sees('this one arrives');
    stage.fragile.proxy.cut();
    await ada.page.getByRole('status', { name: 'Connection' }).first().waitFor();
    await ada.say('this one is refused');
    const behind = await connectAs(ada, stage.fragile.parley.urls[0]);
    await behind.command('leave_room', { roomId: openRoomOf(ada) });
    stage.fragile.proxy.restore();
    await ada.page.getByRole('button', { name: /unsent message/ }).click();
    await ada.page.getByRole('dialog', { name: 'Unsent messages' }).getByText('this one is refused').waitFor();
    return ada.page;
  },
  async 'new-messages-button'(stage) {
    const page = await stage.inRoom('Observatory', 'jonas');
    await page.getByRole('log', { name: 'Messages' }).hover();
    await page.setViewportSize({ width: 1024, height: 500 });
    await page.mouse.wheel(0, -3_000);
    const other = await stage.inRoom('Observatory', 'amina');
    await composerOf(other).fill('Something new, far below');
    await composerOf(other).press('Enter');
    await page
      .getByRole('button', { name: /new message|newest/i })
      .first()
      .waitFor();
    await other.context().close();
    return page;
  },
  async 'new-room-with-three'(stage) {
    const page = await stage.seeded('vera');
    await page.getByRole('button', { name: 'New room' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('Room name').fill('Comet watch');
    for (const name of ['Omar', 'Mei', 'Priya']) {
      await dialog.getByLabel('People', { exact: true }).fill(name);
      await dialog.getByRole('option', { name }).click();
    }
    return page;
  },
  async 'nobody-found'(stage) {
    const page = await stage.seeded('vera');
    await page.getByRole('button', { name: 'New room' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('People', { exact: true }).fill('Zaphod');
    await dialog
      .getByText(/Nobody|No one/)
      .first()
      .waitFor();
    return page;
  },
  async members(stage) {
    const page = await stage.inRoom('Observatory');
    await page.getByRole('button', { name: 'Members' }).click();
    await page.getByRole('list', { name: 'Members' }).getByRole('listitem').nth(3).waitFor();
    return page;
  },
  async 'large-room'(stage) {
    const owner = await stage.newcomer('Ada');
    await owner.createRoom('Everybody', []);
    const roomId = openRoomOf(owner);
    const client = await connectAs(owner, stage.fragile.parley.urls[0]);
    for (let first = 1; first < LARGE_ROOM; first += 20) {
      const some = Array.from({ length: Math.min(20, LARGE_ROOM - first) }, (_, n) => `Member ${first + n}`);
      const people = await Promise.all(some.map((name) => TestUser.signUp(stage.fragile.parley.urls[0], name)));
      await client.command('add_members', { roomId, memberIds: people.map(({ userId }) => userId) });
    }
    await owner.page.getByRole('button', { name: 'Members' }).click();
    await owner.page.getByRole('list', { name: 'Members' }).getByRole('listitem').nth(5).waitFor();
    return owner.page;
  },
  async search(stage) {
    const page = await stage.inRoom('Observatory');
    await page
      .getByRole('button', { name: /^Search/ })
      .first()
      .click();
    await page.getByRole('textbox', { name: 'Search messages' }).fill('hour');
    await page.locator('mark').first().waitFor();
    return page;
  },
  async shortcuts(stage) {
    const page = await stage.inRoom('Observatory');
    await page.getByRole('heading', { name: 'Observatory' }).click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    return page;
  },
  async switcher(stage) {
    const page = await stage.inRoom('Observatory');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('o');
    return page;
  },
  async account(stage) {
    const page = await stage.inRoom('Observatory');
    await page.getByRole('button', { name: 'Account' }).first().click();
    return page;
  },
  async 'session-ended'(stage) {
    const ada = await stage.newcomer('Ada');
    await ada.createRoom('Sessions', []);
    const [cookie] = (await ada.context.cookies()).map(({ name, value }) => `${name}=${value}`);
    await fetch(`${stage.url}/api/sessions/current`, {
      method: 'DELETE',
      headers: { cookie: cookie ?? '', origin: stage.url },
    });
    await ada.page
      .getByRole('heading', { name: /session|logged out|log in/i })
      .first()
      .waitFor();
    return ada.page;
  },
};

/** Resolves when the timeline has stood still for some frames. */
const AT_REST = `new Promise((done) => {
  let [last, still] = [null, 0];
  const look = () => {
    const log = document.querySelector('[role=log]');
    const now = [log?.scrollTop, log?.scrollHeight, log?.clientHeight].join();
    still = now === last ? still + 1 : 0;
    last = now;
    if (still < 20) requestAnimationFrame(look);
    else done();
  };
  look();
})`;

async function shoot(page: Page, folder: string, name: string): Promise<void> {
  for (const { name: size, width, height } of SIZES) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(AT_REST);
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), animations: 'disabled' });
    }
  }
}

const [folder, ...chosen] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder for the pictures.');
mkdirSync(folder, { recursive: true });
const failed: string[] = [];
const fragile = await startFragile();
const browser = await launchBrowser([`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]);
try {
  execFileSync(process.execPath, ['--conditions=source', seed, '--url', fragile.parley.urls[0]], { stdio: 'inherit' });
  const stage = new Stage(browser, fragile);
  for (const [name, enter] of Object.entries(STATES)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    try {
      const page = await enter(stage);
      await shoot(page, folder, name);
      await page.context().close();
      process.stdout.write(`${name}\n`);
    } catch (error) {
      failed.push(name);
      process.stderr.write(`${name}: ${String(error)}\n`);
    } finally {
      fragile.proxy.restore();
    }
  }
} finally {
  await browser.close();
  await fragile.stop();
}
if (failed.length > 0) process.exitCode = 1;
