import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { findBrowser } from '@parley/testing/servers';

/**
 * @param flags more of Chromium's own
 * @param without flags that it is else given for tests
 */
export async function launchBrowser(flags: readonly string[] = [], without: readonly string[] = []): Promise<Browser> {
  const found = await findBrowser();
  if ('missing' in found) throw new Error(`${found.missing} ${found.remedy}`);
  return chromium.launch({
    executablePath: found.command,
    ignoreDefaultArgs: [...without],
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...flags],
  });
}

let people = 0;
const uniqueEmail = (name: string): string => `${name.toLowerCase()}.${process.pid}.${(people += 1)}@example.org`;

/** A person at a browser of their own, doing what people do: by role and accessible name. */
export class Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.context = context;
    this.page = page;
  }

  /**
   * Opens the address in a new browser profile, signs up there, and is led to where the address wanted to go.
   * @param script run in each page before its own
   */
  static async signUp(browser: Browser, url: string, name: string, script?: string): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    if (script !== undefined) await context.addInitScript(script);
    return Person.signUpAt(await context.newPage(), url, name);
  }

  /** The same in a page whose browser may have been another person's. */
  static async signUpAt(page: Page, url: string, name: string): Promise<Person> {
    await page.goto(url);
    const link = page.getByRole('link', { name: 'Sign up' });
    await link
      .or(page.getByRole('button', { name: 'Sign up' }))
      .first()
      .waitFor();
    if (await link.isVisible()) await link.click();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('E-mail').fill(uniqueEmail(name));
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('button', { name: 'Account' }).waitFor();
    return new Person(name, page.context(), page);
  }

  /** Another tab of the same browser. */
  async openTab(url: string): Promise<Person> {
    const page = await this.context.newPage();
    await page.goto(url);
    return new Person(this.name, this.context, page);
  }

  /** Another window of the same browser. */
  async openWindow(url: string): Promise<Person> {
    const opening = this.context.waitForEvent('page');
    await this.page.evaluate(`void open('about:blank', '_blank', 'popup,width=1280,height=800')`);
    const page = await opening;
    await page.goto(url);
    return new Person(this.name, this.context, page);
  }

  /** Resolves when the open room is there, with messages or without. */
  async messagesOrEmpty(): Promise<void> {
    await this.composer.waitFor();
    await this.page.getByRole('button', { name: 'Members' }).waitFor();
  }

  get rooms(): Locator {
    return this.page.getByRole('list', { name: 'Rooms' });
  }

  get messages(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  async createRoom(name: string, members: readonly string[]): Promise<void> {
    await this.page.getByRole('button', { name: 'New room' }).first().click();
    const dialog = this.page.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('Room name').fill(name);
    for (const member of members) {
      await dialog.getByLabel('People', { exact: true }).fill(member);
      await dialog.getByRole('option', { name: member }).click();
    }
    await dialog.getByRole('button', { name: 'Create room' }).click();
    // The only member of a new room is offered an invitation link.
    if (members.length === 0) await this.closeDialog('Invite by link');
    await this.composer.waitFor();
  }

  async closeDialog(name: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name });
    await dialog.waitFor();
    await this.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  }

  async openRoom(name: string): Promise<void> {
    await this.rooms.getByRole('link', { name }).click();
    // Of the room that was open before there is a log and a composer, too.
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
    await this.messages.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Resolves when the text stands in the open room. */
  async sees(text: string): Promise<void> {
    await this.messages.getByText(text, { exact: true }).waitFor();
  }

  /** Resolves when the server has stored the user's own message, which the page shows before that. */
  async hasSent(text: string): Promise<void> {
    await this.messages.locator('[data-status=success]', { hasText: text }).waitFor();
  }

  /** Resolves when the page has been drawn again. */
  async nextFrame(): Promise<void> {
    await this.page.evaluate('new Promise(requestAnimationFrame)');
  }

  /** Texts of the rows on the screen, from top to bottom. */
  async shownTexts(): Promise<string[]> {
    return this.messages.locator('[data-message-id] .message-text').allInnerTexts();
  }
}
