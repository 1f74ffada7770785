import { buffer } from 'node:stream/consumers';
import type { AppendResult, NewMessage } from '@parley/contracts';
import type { AttachmentId, RoomId, User } from '@parley/protocol';
import { diskFull } from '@parley/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picture } from '../testing/images.ts';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { openReplica, type Replica } from '../testing/replica.ts';
import type { Store } from '../testing/stores.ts';
import type { AttachmentBytes } from './attachment-bytes.ts';
import { ABANDONED_MS } from './attachment-sweeper.ts';

const ada = newUser('Ada');
const bob = newUser('Bob');
const eve = newUser('Eve');

const tomorrow = (): number => Date.now() + ABANDONED_MS + 1;
const codeOf = (result: AppendResult | undefined): string => (result && 'error' in result ? result.error.code : 'ok');

/** Images from upload to collection, over a real database. */
export function describeAttachments(name: string, open: () => Promise<Store>): void {
  describe(`attachments in ${name}`, () => {
    let store: Store;
    let replica: Replica;
    let png: Uint8Array;

    beforeAll(async () => {
      store = await open();
      replica = openReplica(store);
      png = await picture(400, 300).png().toBuffer();
      await store.rooms.addUsers(ada, bob, eve);
    });
    afterAll(() => store.close());

    const openRoom = async (...members: User[]): Promise<RoomId> => {
      const roomId = newRoomId();
      await store.rooms.addMembers(roomId, ...members);
      return roomId;
    };
    const upload = async (user = ada) =>
      (await replica.api.createAttachment({ userId: user.userId, content: png })).attachment;
    const message = (attachmentIds: AttachmentId[], more: Partial<NewMessage> = {}): NewMessage => ({
      ...{ userId: ada.userId, messageId: newMessageId(), text: '', attachmentIds },
      ...more,
    });
    const send = async (roomId: RoomId, sent: NewMessage): Promise<AppendResult | undefined> =>
      (await replica.api.appendMessages({ batches: [{ roomId, messages: [sent] }] })).results[0]?.[0];
    const read = (user: User, attachmentId: AttachmentId, variant: 'image' | 'thumbnail' = 'image') =>
      replica.api.readAttachment({ userId: user.userId, attachmentId, variant });
    const seenBy = async (attachmentId: AttachmentId) =>
      Promise.all(
        [ada, bob, eve].map((user) =>
          read(user, attachmentId).then(
            ({ content }) => (content.destroy(), true),
            (error: { code?: string }) => error.code,
          ),
        ),
      );

    test('are read as they were stored, as a whole and in ranges', async () => {
      const attachment = await upload();
      expect(attachment).toMatchObject({ contentType: 'image/png', width: 400, height: 300 });
      const whole = await read(ada, attachment.attachmentId);
      const bytes = await buffer(whole.content);
      expect([whole.contentType, whole.size, bytes.length]).toEqual(['image/png', attachment.size, attachment.size]);
      const part = await replica.api.readAttachment({
        ...{ userId: ada.userId, attachmentId: attachment.attachmentId, variant: 'image' },
        range: { start: 10, end: 19 },
      });
      expect(Buffer.compare(await buffer(part.content), bytes.subarray(10, 20))).toBe(0);
      const small = await read(ada, attachment.attachmentId, 'thumbnail');
      expect([small.contentType, (await buffer(small.content)).length]).toEqual(['image/webp', small.size]);
      const outside = { start: 0, end: attachment.size };
      await expect(
        replica.api.readAttachment({
          userId: ada.userId,
          attachmentId: attachment.attachmentId,
          variant: 'image',
          range: outside,
        }),
      ).rejects.toMatchObject({ code: 'invalid' });
    });

    test('are readable for their uploader, and once sent for the members of the room', async () => {
      const { attachmentId } = await upload();
      expect(await seenBy(attachmentId)).toEqual([true, 'not_found', 'not_found']);
      const roomId = await openRoom(ada, bob);
      expect(codeOf(await send(roomId, message([attachmentId])))).toBe('ok');
      expect(await seenBy(attachmentId)).toEqual([true, true, 'not_found']);
      await store.rooms.removeMember(roomId, ada);
      expect(await seenBy(attachmentId)).toEqual(['not_found', true, 'not_found']);
    });

    test('are in the message, live and in history, in the order of its attachmentIds', async () => {
      const roomId = await openRoom(ada, bob);
      const [one, two] = [await upload(), await upload()];
      const result = await send(roomId, message([two.attachmentId, one.attachmentId], { text: 'Look' }));
      expect(result).toMatchObject({ message: { text: 'Look', attachments: [two, one] } });
      const { messages } = await replica.api.getMessages({ userId: bob.userId, roomId, limit: 1 });
      expect(messages).toEqual([result && 'message' in result ? result.message : undefined]);
      const { events } = await replica.api.getEvents({ userId: bob.userId, roomId, after: 0, limit: 1 });
      expect(replica.bus.broadcasts.at(-1)?.events).toEqual(events);
      const last = await replica.api.getLastMessages({ positions: [{ roomId, messageSeq: 1 }] });
      expect(last.messages).toMatchObject([{ attachments: [two, one] }]);
    });

    test('belong to one message and can be sent by their uploader only', async () => {
      const roomId = await openRoom(ada, bob);
      const { attachmentId } = await upload();
      expect(codeOf(await send(roomId, message([attachmentId], { userId: bob.userId })))).toBe('not_found');
      expect(codeOf(await send(roomId, message([attachmentId])))).toBe('ok');
      expect(codeOf(await send(roomId, message([attachmentId])))).toBe('conflict');
      expect(codeOf(await send(roomId, message([newMessageId() as string as AttachmentId])))).toBe('not_found');
    });

    test('go to one of two messages that claim them at once', async () => {
      const roomId = await openRoom(ada);
      for (let round = 0; round < 5; round += 1) {
        const { attachmentId } = await upload();
        const other = openReplica(store);
        const results = await Promise.all(
          [replica, other, replica, other].map(async ({ api }) => {
            const batches = [{ roomId, messages: [message([attachmentId])] }];
            return codeOf((await api.appendMessages({ batches })).results[0]?.[0]);
          }),
        );
        expect(results.sort()).toEqual(['conflict', 'conflict', 'conflict', 'ok']);
      }
    });

    test('of a message stay its own when a former member sends it again', async () => {
      const roomId = await openRoom(ada, bob);
      const { attachmentId } = await upload();
      const sent = message([attachmentId], { text: 'Look' });
      const first = await send(roomId, sent);
      expect(await send(roomId, sent)).toEqual(first);
      expect(codeOf(await send(roomId, { ...sent, attachmentIds: [] }))).toBe('conflict');
      await store.rooms.removeMember(roomId, ada);
      expect(await send(roomId, sent)).toEqual(first);
    });

    test('are not claimed by a refused message', async () => {
      const [foreign, own] = [await openRoom(bob), await openRoom(ada)];
      const { attachmentId } = await upload();
      expect(codeOf(await send(foreign, message([attachmentId])))).toBe('not_member');
      expect(codeOf(await send(own, message([attachmentId])))).toBe('ok');
    });

    test('are deleted after a day without a claim, and not before', async () => {
      const { attachmentId } = await upload();
      await replica.sweeper.sweep(Date.now());
      expect(await seenBy(attachmentId)).toEqual([true, 'not_found', 'not_found']);
      await replica.sweeper.sweep(tomorrow());
      expect(await seenBy(attachmentId)).toEqual(['not_found', 'not_found', 'not_found']);
      await expect(buffer(store.bytes.read(attachmentId, 'image'))).rejects.toThrow();
      const roomId = await openRoom(ada);
      const gone = message([attachmentId]);
      expect(codeOf(await send(roomId, gone))).toBe('not_found');
      const again = await upload();
      expect(codeOf(await send(roomId, { ...gone, attachmentIds: [again.attachmentId] }))).toBe('ok');
    });

    test('of a message are never collected', async () => {
      const roomId = await openRoom(ada, bob);
      const { attachmentId } = await upload();
      const sent = message([attachmentId]);
      const first = await send(roomId, sent);
      for (let day = 0; day < 3; day += 1) await replica.sweeper.sweep(tomorrow());
      expect(await seenBy(attachmentId)).toEqual([true, true, 'not_found']);
      expect(await send(roomId, sent)).toEqual(first);
    });

    test('claimed for a message that is never stored are collected', async () => {
      const roomId = await openRoom(ada);
      const { attachmentId } = await upload();
      await replica.claims.claim(roomId, [message([attachmentId])]);
      await replica.sweeper.sweep(tomorrow());
      expect(await store.attachments.find([attachmentId])).toEqual([]);
    });

    test('claimed and collected at the same time are either in their message, or deleted and refused', async () => {
      const roomId = await openRoom(ada);
      const outcomes = new Set<string>();
      for (let round = 0; round < 30; round += 1) {
        const { attachmentId } = await upload();
        const sweep = replica.sweeper.sweep(tomorrow());
        for (let turn = 0; turn < round % 6; turn += 1) await new Promise(setImmediate);
        const [result] = await Promise.all([send(roomId, message([attachmentId])), sweep]);
        outcomes.add(codeOf(result));
        const visible = (await seenBy(attachmentId))[0];
        expect([codeOf(result), visible]).toEqual(codeOf(result) === 'ok' ? ['ok', true] : ['not_found', 'not_found']);
      }
      expect([...outcomes].every((code) => code === 'ok' || code === 'not_found')).toBe(true);
    });

    test('that a crash left half collected are deleted by the next sweep', async () => {
      const { attachmentId } = await upload();
      const [record] = await store.attachments.find([attachmentId]);
      expect(record && (await store.attachments.beginCollecting(record))).toBe(true);
      const roomId = await openRoom(ada);
      expect(codeOf(await send(roomId, message([attachmentId])))).toBe('not_found');
      await replica.sweeper.sweep(tomorrow());
      expect(await store.attachments.find([attachmentId])).toEqual([]);
    });

    test('claimed after the sweeper has read them stay', async () => {
      const roomId = await openRoom(ada);
      const { attachmentId } = await upload();
      const [asRead] = await store.attachments.find([attachmentId]);
      const claim = { roomId, messageId: newMessageId() };
      await store.attachments.claim([attachmentId], ada.userId, claim, (asRead?.touchedAt ?? 0) + 1);
      expect(asRead && (await store.attachments.beginCollecting(asRead))).toBe(false);
      expect(await store.attachments.find([attachmentId])).toMatchObject([{ state: 'open', claim }]);
    });

    test('that cannot be stored leave no bytes and use no quota', async () => {
      const user = newUser('Unlucky');
      await store.rooms.addUsers(user);
      const [tried, failure] = [new Set<AttachmentId>(), diskFull(new Error('ENOSPC'))];
      const bytes: AttachmentBytes = {
        store: async (attachmentId, variant, content) => {
          tried.add(attachmentId);
          if (variant === 'thumbnail') throw failure;
          await store.bytes.store(attachmentId, variant, content);
        },
        read: (...read) => store.bytes.read(...read),
        delete: (attachmentId) => store.bytes.delete(attachmentId),
      };
      const { api } = openReplica({ ...store, bytes });
      await expect(api.createAttachment({ userId: user.userId, content: png })).rejects.toBe(failure);
      const [attachmentId] = tried;
      if (attachmentId === undefined) throw new Error('Nothing was stored at all.');
      await expect.poll(() => store.attachments.find([attachmentId])).toEqual([]);
      await expect(buffer(store.bytes.read(attachmentId, 'image'))).rejects.toThrow();
      expect(await store.attachments.bytesOf(user.userId)).toBe(0);
    });

    test('are refused beyond the user’s quota, and count no more once deleted', async () => {
      const grace = newUser('Grace');
      await store.rooms.addUsers(grace);
      const { size } = await upload();
      const strict = openReplica(store, { quota: 3 * size });
      const uploadAll = () =>
        Promise.allSettled(
          Array.from({ length: 6 }, () => strict.api.createAttachment({ userId: grace.userId, content: png })),
        );
      const refused = (await uploadAll()).filter(({ status }) => status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]).toMatchObject({ reason: { code: 'too_large' } });
      expect(await store.attachments.bytesOf(grace.userId)).toBeLessThanOrEqual(3 * size);
      await strict.sweeper.sweep(tomorrow());
      expect(await store.attachments.bytesOf(grace.userId)).toBe(0);
      await strict.api.createAttachment({ userId: grace.userId, content: png });
    });
  });
}
