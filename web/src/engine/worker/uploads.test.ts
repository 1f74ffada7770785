import { LIMITS, type MessageId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import { bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

let browser: FakeBrowser;
let room: FakeRoom;
let first: OpenTab;

beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  first = await browser.openTab();
  await first.tab.request('open_room', { roomId: room.roomId });
  await settle();
});

let made = 0;
function newImage(name = 'cat.png'): DraftAttachment {
  made += 1;
  return { imageId: `image-${made}`, name, width: 4, height: 3, blob: new Blob([name], { type: 'image/png' }) };
}

async function addAttachments(...names: string[]): Promise<string[]> {
  const images = names.map(newImage);
  for (const image of images) await first.tab.request('add_draft_image', { roomId: room.roomId, image });
  await settle();
  return images.map(({ imageId }) => imageId);
}

async function send(text: string, imageIds: readonly string[], { tab } = first): Promise<MessageId> {
  const messageId = `message-${String(++made).padStart(10, '0')}` as MessageId;
  await tab.request('send_message', { roomId: room.roomId, messageId, text, imageIds });
  await settle();
  return messageId;
}

const sent = () => room.messages().map(({ text, attachments }) => [text, attachments.length]);
const unsent = () => [...first.view.unsent.values()];

describe('images of a draft', () => {
  test('leave it with their message, also if text is typed while that is being stored', async () => {
    const imageIds = await addAttachments('cat.png');
    browser.server.isUp = false;
    browser.server.cut();
    const sending = send('look', imageIds);
    await first.tab.request('save_draft', { roomId: room.roomId, base: '', text: 'the next one' });
    await sending;
    expect(first.view.draftAttachments.get(room.roomId)).toEqual([]);
    await browser.restartEngine();
    const { view } = await browser.openTab();
    expect([view.drafts.get(room.roomId), view.draftAttachments.get(room.roomId) ?? []]).toEqual(['the next one', []]);
    expect([...view.unsent.values()].map(({ text, images }) => [text, images.length])).toEqual([['look', 1]]);
  });

  test('are not added again when a tab repeats its intent after they were sent', async () => {
    const image = newImage();
    await first.tab.request('add_draft_image', { roomId: room.roomId, image });
    await send('look', [image.imageId]);
    await first.tab.request('add_draft_image', { roomId: room.roomId, image });
    await settle();
    expect(first.view.draftAttachments.get(room.roomId)).toEqual([]);
  });

  test('are shown in every tab at once, and survive the engine', async () => {
    const other = await browser.openTab();
    await addAttachments('cat.png', 'dog.png');
    expect(other.view.draftAttachments.get(room.roomId)).toEqual(['cat.png', 'dog.png']);
    await browser.restartEngine();
    const later = await browser.openTab();
    expect(later.view.draftAttachments.get(room.roomId)).toEqual(['cat.png', 'dog.png']);
  });

  test('stay while text is typed, which stays when they are added and removed', async () => {
    await first.tab.request('save_draft', { roomId: room.roomId, text: 'Look' });
    const [cat = ''] = await addAttachments('cat.png', 'dog.png');
    await first.tab.request('save_draft', { roomId: room.roomId, text: 'Look at' });
    await first.tab.request('remove_draft_image', { roomId: room.roomId, imageId: cat });
    await browser.restartEngine();
    const later = await browser.openTab();
    expect([later.view.drafts.get(room.roomId), later.view.draftAttachments.get(room.roomId)]).toEqual([
      'Look at',
      ['dog.png'],
    ]);
  });

  test('are at most as many as a message may have', async () => {
    await addAttachments(...Array<string>(LIMITS.attachmentsPerMessage).fill('cat.png'));
    await expect(
      first.tab.request('add_draft_image', { roomId: room.roomId, image: newImage() }),
    ).rejects.toMatchObject({ error: { code: 'too_large' } });
  });
});

describe('a message with images', () => {
  test('uploads them, then is sent, and removes them from the draft in every tab', async () => {
    const imageIds = await addAttachments('cat.png', 'dog.png');
    await send('', imageIds);
    expect(sent()).toEqual([['', 2]]);
    expect(first.view.draftAttachments.get(room.roomId)).toEqual([]);
    expect(unsent()).toEqual([]);
  });

  test('leaves the images that it does not name in the draft', async () => {
    const [cat = ''] = await addAttachments('cat.png', 'dog.png');
    await send('The cat', [cat]);
    expect(sent()).toEqual([['The cat', 1]]);
    expect(first.view.draftAttachments.get(room.roomId)).toEqual(['dog.png']);
  });

  test('is refused if one was removed in another tab, and nothing is lost', async () => {
    const [cat = ''] = await addAttachments('cat.png');
    await first.tab.request('remove_draft_image', { roomId: room.roomId, imageId: cat });
    await expect(send('The cat', [cat])).rejects.toMatchObject({ error: { code: 'not_found' } });
    expect(sent()).toEqual([]);
  });

  test('is not refused when a tab repeats its intent after it was sent', async () => {
    browser.server.isUp = false;
    browser.server.cut();
    const imageIds = await addAttachments('cat.png');
    const messageId = await send('Once', imageIds);
    browser.server.isUp = true;
    await browser.restartEngine();
    const other = await browser.openTab();
    await settle();
    expect(sent()).toEqual([['Once', 1]]);
    const again = { roomId: room.roomId, messageId, text: 'Once', imageIds };
    expect(await other.tab.request('send_message', again)).toEqual({ messageId, draft: '' });
    await settle();
    expect(sent()).toEqual([['Once', 1]]);
  });

  test('sent by two tabs at once takes its attachments once; the other is refused, and nothing is lost', async () => {
    const other = await browser.openTab();
    const imageIds = await addAttachments('cat.png');
    const send = ({ tab }: OpenTab, messageId: string) =>
      tab.request('send_message', {
        roomId: room.roomId,
        messageId: messageId as MessageId,
        text: messageId,
        imageIds,
      });
    const both = await Promise.allSettled([send(first, 'message-of-the-first'), send(other, 'message-of-the-other')]);
    await settle();
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(sent()).toEqual([['message-of-the-first', 1]]);
  });

  test('keeps an attachment that a tab removes too late from the draft', async () => {
    browser.server.isUp = false;
    browser.server.cut();
    const [cat = ''] = await addAttachments('cat.png');
    await send('The cat', [cat]);
    await first.tab.request('remove_draft_image', { roomId: room.roomId, imageId: cat });
    browser.server.isUp = true;
    await browser.restartEngine();
    await browser.openTab();
    await settle();
    expect(sent()).toEqual([['The cat', 1]]);
  });

  test('written offline waits with its attachments, also for a later engine', async () => {
    browser.server.isUp = false;
    browser.server.cut();
    await send('Offline', await addAttachments('cat.png', 'dog.png'));
    expect(unsent()).toMatchObject([{ status: 'pending', images: [{ name: 'cat.png' }, { name: 'dog.png' }] }]);
    browser.server.isUp = true;
    await browser.restartEngine();
    await browser.openTab();
    await settle();
    expect(sent()).toEqual([['Offline', 2]]);
  });

  test.each(['rate_limited', 'unavailable', 'unauthenticated'] as const)(
    'whose upload is %s again and again waits and never fails',
    async (code) => {
      let refusals = 0;
      browser.server.uploadFate = () => (++refusals <= 7 ? { code } : 'store');
      await send('At last', await addAttachments('cat.png'));
      expect(unsent()).toMatchObject([{ status: 'pending' }]);
      for (let turn = 0; turn < 10; turn += 1) await browser.clock.advance(30_000);
      expect(sent()).toEqual([['At last', 1]]);
    },
  );

  test.each(['too_large', 'invalid'] as const)(
    'whose upload is %s fails at once, and goes back to the draft',
    async (code) => {
      browser.server.uploadFate = () => ({ code });
      const messageId = await send('Too much', await addAttachments('cat.png'));
      expect(unsent()).toMatchObject([{ status: 'failed', error: { code } }]);
      expect(browser.server.uploads).toBe(1);
      await first.tab.request('return_to_draft', { messageId });
      await settle();
      expect(first.view.drafts.get(room.roomId)).toBe('Too much');
      expect(first.view.draftAttachments.get(room.roomId)).toEqual(['cat.png']);
    },
  );

  test('does not repeat uploads that succeeded when others failed', async () => {
    browser.server.uploadFate = () => (browser.server.uploads === 2 ? { code: 'unavailable' } : 'store');
    await send('Both', await addAttachments('cat.png', 'dog.png'));
    await browser.clock.advance(30_000);
    expect([sent(), browser.server.uploads]).toEqual([[['Both', 2]], 3]);
  });

  test('uploads attachments again that the server has collected, under the same messageId', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'unavailable' } : 'answer');
    const messageId = await send('Patience', await addAttachments('cat.png'));
    expect(browser.server.uploads).toBe(1);
    browser.server.attachments.clear();
    browser.server.fate = () => 'answer';
    await browser.clock.advance(60_000);
    expect([sent(), browser.server.uploads]).toEqual([[['Patience', 1]], 2]);
    expect(room.messages()[0]?.messageId).toBe(messageId);
  });

  test('fails after three tries if its attachments are missing each time', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'not_found' } : 'answer');
    await send('Never', await addAttachments('cat.png'));
    await browser.clock.advance(60_000);
    expect(unsent()).toMatchObject([{ status: 'failed', error: { code: 'not_found' } }]);
    expect(browser.server.uploads).toBe(3);
  });
});
