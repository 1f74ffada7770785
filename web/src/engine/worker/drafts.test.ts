import type { RoomId } from '@parley/protocol';
import { beforeEach, expect, test } from 'vitest';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import { Drafts } from './drafts.ts';
import type { Audience } from './engine-events.ts';
import type { Patch } from '../protocol/messages.ts';

const roomId = 'room' as RoomId;
const image: DraftAttachment = { imageId: 'image', name: 'image.png', blob: new Blob(), width: 1, height: 1 };

let published: { patch: Patch; audience: Audience | undefined }[];
let stores: (() => void)[];
let drafts: Drafts;

beforeEach(() => {
  published = [];
  stores = [];
  const stored = () => new Promise<void>((resolve) => stores.push(resolve));
  const database = { saveDraft: stored, addDraftAttachment: stored, removeDraftAttachment: stored };
  drafts = new Drafts(database, (patch, audience) => void published.push({ patch, audience }));
});

/** Ends the storing that has waited longest. */
const store = (): void => stores.shift()?.();
const shown = () => drafts.all().map(({ text, images }) => ({ text, images: images.map(({ imageId }) => imageId) }));

test('shows a new tab the same text as the others while a change is being stored', async () => {
  const saved = drafts.save(roomId, { base: '', text: 'written' }, 'tab-1');
  expect(drafts.get(roomId).text).toBe('written');
  expect(shown()).toEqual([{ text: '', images: [] }]);
  store();
  expect(await saved).toBe('written');
  expect(shown()).toEqual([{ text: 'written', images: [] }]);
  expect(published).toEqual([
    {
      patch: { kind: 'draft', roomId, text: 'written', origin: 'tab-1' },
      audience: { kind: 'others', tabId: 'tab-1' },
    },
  ]);
});

test('publishes two texts that are being stored at once as one, which both writers receive', async () => {
  const one = drafts.save(roomId, { base: '', text: 'one' }, 'tab-1');
  const two = drafts.save(roomId, { base: '', text: 'two' }, 'tab-2');
  store();
  expect(await one).toBe('one\ntwo');
  store();
  expect(await two).toBe('one\ntwo');
  expect(published.map(({ patch }) => patch)).toEqual([{ kind: 'draft', roomId, text: 'one\ntwo', origin: 'tab-1' }]);
});

test('shows an attachment at once, together with text that is being stored', async () => {
  const saved = drafts.save(roomId, { base: '', text: 'with an image' }, 'tab-1');
  const added = drafts.addAttachment(roomId, image);
  expect(shown()).toEqual([{ text: 'with an image', images: ['image'] }]);
  expect(published.map(({ patch }) => patch.kind)).toEqual(['draft', 'draft_images']);
  store();
  store();
  await Promise.all([saved, added]);
  expect(published).toHaveLength(2);
});
