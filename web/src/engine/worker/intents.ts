import type { MessageId } from '@parley/protocol';
import { draftAfterSending } from '../../domain/draft.ts';
import { toDraftAttachment } from '../../domain/draft-attachments.ts';
import type { StoredDraft } from './database.ts';
import { Refused, refusal } from './failures.ts';
import type { IntentMessage } from './engine-events.ts';
import type { Intent, Intents } from '../protocol/messages.ts';
import { roomIntents } from './room-intents.ts';
import type { IntentHandlers, IntentsEnvironment } from './intent-handlers.ts';

export type HandleIntent = (tabId: string, message: IntentMessage) => Promise<unknown>;

/**
 * The handler of each intent. Intents that change something wait for a connection and may be repeated; those that read
 * are refused without one.
 */
export function handleIntent(environment: IntentsEnvironment): HandleIntent {
  const handlers = {
    ...viewIntents(environment),
    ...outboxIntents(environment),
    ...membershipIntents(environment),
    ...roomIntents(environment),
  };
  const handle = <I extends Intent>(all: IntentHandlers, intent: I, data: Intents[I]['data'], tabId: string) =>
    all[intent](data, tabId);
  return async (tabId, { intent, data }) => await handle(handlers, intent, data, tabId);
}

function viewIntents({ tabs, cache, connection, receipts, timelines, typing }: IntentsEnvironment) {
  return {
    open_room: ({ roomId }, tabId) => {
      timelines.open(tabId, roomId);
      receipts.open(tabId, roomId);
      typing.open(tabId, roomId);
      return null;
    },
    close_room: ({ roomId }, tabId) => {
      tabs.closeRoom(tabId, roomId);
      return null;
    },
    set_at_end: ({ roomId, atEnd }, tabId) => {
      tabs.setAtEnd(tabId, roomId, atEnd);
      return null;
    },
    load_older: async ({ roomId }) => {
      await timelines.loadOlder(roomId);
      return null;
    },
    clear_cache: async () => {
      await cache.clear();
      return null;
    },
    reconnect: () => {
      connection.tryNow();
      return null;
    },
  } satisfies Partial<IntentHandlers>;
}

function outboxIntents({ drafts, outbox, typing }: IntentsEnvironment) {
  /** Messages that are being stored: a repeated intent waits for the same write. */
  const storing = new Map<MessageId, Promise<void>>();

  async function store(
    { roomId, messageId, text, imageIds = [], mentions = [], ...reply }: Intents['send_message']['data'],
    tabId: string,
  ): Promise<void> {
    const replyTo = reply.replyTo ?? null;
    const draft = drafts.get(roomId);
    const images = draft.images.filter(({ imageId }) => imageIds.includes(imageId));
    if (images.length < imageIds.length) throw refusal('not_found', 'An image was removed meanwhile. Send it again.');
    const remaining: StoredDraft = {
      text: draftAfterSending(draft.text, text),
      images: draft.images.filter(({ imageId }) => !imageIds.includes(imageId)),
      replyTo: draft.replyTo === replyTo ? null : draft.replyTo,
    };
    const publishChange = drafts.change(roomId, remaining);
    await outbox.add({ roomId, messageId, text, images, replyTo, mentions }, remaining);
    typing.sent(roomId);
    publishChange(tabId);
  }

  return {
    send_message: async (data, tabId) => {
      const { roomId, messageId } = data;
      if (!outbox.knows(messageId)) {
        const stored = storing.get(messageId) ?? store(data, tabId).finally(() => storing.delete(messageId));
        storing.set(messageId, stored);
        await stored;
      }
      return { messageId, draft: drafts.get(roomId).text };
    },
    retry_message: async ({ messageId }) => {
      await outbox.retry(messageId);
      return null;
    },
    delete_message: async ({ messageId }) => {
      await outbox.delete(messageId);
      return null;
    },
    return_to_draft: async ({ messageId }) => {
      await outbox.returnToDraft(messageId, ({ roomId, text, images, replyTo }) => {
        const before = drafts.get(roomId);
        const draft = {
          text: [text, before.text].filter(Boolean).join('\n'),
          images: [...images.map(toDraftAttachment), ...before.images],
          replyTo: replyTo ?? before.replyTo,
        };
        // Applied at once, so that what is typed while it is being stored is added to it.
        drafts.show(roomId, draft);
        return draft;
      });
      return null;
    },
    save_draft: async ({ roomId, text, base }, tabId) => ({
      text: await drafts.save(roomId, { base: base ?? drafts.get(roomId).text, text }, tabId),
    }),
    set_draft_reply: async ({ roomId, replyTo }) => {
      await drafts.setReply(roomId, replyTo);
      return null;
    },
    add_draft_image: async ({ roomId, image }) => {
      // A tab may repeat the intent to a new engine after the attachment was sent.
      if (!outbox.knowsAttachment(image.imageId)) await drafts.addAttachment(roomId, image);
      return null;
    },
    remove_draft_image: async ({ roomId, imageId }) => {
      await drafts.removeAttachment(roomId, imageId);
      return null;
    },
  } satisfies Partial<IntentHandlers>;
}

function membershipIntents({ newRooms, requestWithRetry, sync }: IntentsEnvironment) {
  return {
    create_room: (data) => newRooms.create(data),
    add_members: async (data) => {
      await newRooms.made(data.roomId);
      await requestWithRetry('add_members', data);
      return null;
    },
    leave_room: async ({ roomId }) => {
      await newRooms.made(roomId);
      try {
        await requestWithRetry('leave_room', { roomId });
      } catch (failure) {
        // A repeated intent, whose first answer was lost: the user has already left.
        if (!(failure instanceof Refused) || failure.error.code !== 'not_member') throw failure;
      }
      sync.roomLeft(roomId);
      return null;
    },
    create_invitation: async (data) => {
      await newRooms.made(data.roomId);
      return requestWithRetry('create_invitation', data);
    },
    join_room: async (data) => {
      const { room } = await requestWithRetry('join_room', data);
      sync.roomJoined(room);
      return { room };
    },
  } satisfies Partial<IntentHandlers>;
}
