import type { Message, MessageId, RoomId } from '@parley/protocol';
import { pauseAfterBusy } from '../../domain/backoff.ts';
import type { Cancel, Clock, Random } from '../../domain/clock.ts';
import {
  afterSending,
  nextToSend,
  retried,
  toUnsent,
  type SendResult,
  type OutgoingMessage,
} from '../../domain/outbox.ts';
import type { ServerConnection } from './server-connection.ts';
import { toOutgoingAttachment } from '../../domain/draft-attachments.ts';
import type { Database, StoredDraft } from './database.ts';
import { deliver } from './delivery.ts';
import type { OutboxEvents } from './engine-events.ts';
import { refusal } from './failures.ts';
import type { Publish } from './engine-events.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';
import { uploadAttachments, type Upload } from './uploads.ts';

export interface OutboxEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly connection: ServerConnection;
  readonly database: Database;
  readonly publish: Publish;
  readonly upload: Upload;
}

/** The sending of one room's messages: it waits for the message that is being sent, and for the end of a pause. */
interface RoomQueue {
  sending: MessageId | null;
  pauses: number;
  cancelPause: Cancel | null;
}

/** The user's messages until they are in the log. Sends them room by room, in the order in which they were written. */
export class Outbox {
  readonly #environment: OutboxEnvironment;
  readonly #events: OutboxEvents;
  readonly #messages = new Map<MessageId, OutgoingMessage>();
  /** All that were ever here: a tab that got no answer repeats its intent for a message that may be sent by now. */
  readonly #known = new Set<MessageId>();
  /** Attachments of those, for the same reason: one that has left its draft must not be added to it again. */
  readonly #knownAttachments = new Set<string>();
  readonly #queues = new Map<RoomId, RoomQueue>();
  readonly #unready = new Set<RoomId>();
  #lastOrder = 0;

  constructor(environment: OutboxEnvironment, events: OutboxEvents) {
    this.#environment = environment;
    this.#events = events;
  }

  load(messages: readonly OutgoingMessage[]): void {
    for (const message of messages.toSorted((one, other) => one.order - other.order)) {
      this.#messages.set(message.messageId, message);
      this.#known.add(message.messageId);
      for (const { imageId } of message.images) this.#knownAttachments.add(imageId);
      this.#lastOrder = message.order;
    }
  }

  all(): readonly UnsentMessage[] {
    return [...this.#messages.values()].map(toUnsent);
  }

  /** Whether the message is or was in the outbox. */
  knows(messageId: MessageId): boolean {
    return this.#known.has(messageId);
  }

  /** Whether the attachment is one of a message that is or was in the outbox. */
  knowsAttachment(imageId: string): boolean {
    return this.#knownAttachments.has(imageId);
  }

  /**
   * Resolves once the message is stored. The outbox must not know it yet.
   * @param remaining the room's draft without the message
   */
  async add(
    {
      images,
      ...written
    }: Pick<UnsentMessage, 'roomId' | 'messageId' | 'text' | 'replyTo' | 'mentions'> & Pick<StoredDraft, 'images'>,
    remaining: StoredDraft,
  ): Promise<void> {
    const { roomId, messageId } = written;
    const message: OutgoingMessage = {
      ...written,
      images: images.map(toOutgoingAttachment),
      createdAt: this.#environment.clock.now(),
      order: ++this.#lastOrder,
      delivery: { status: 'pending', tries: 0 },
    };
    for (const { imageId } of images) this.#knownAttachments.add(imageId);
    await this.#environment.database.storeMessage(message, remaining);
    this.#known.add(messageId);
    this.#set(message);
    this.#sendNext(roomId);
  }

  async retry(messageId: MessageId): Promise<void> {
    const message = this.#messages.get(messageId);
    if (message?.delivery.status !== 'failed') return;
    const again = retried(message);
    this.#set(again);
    await this.#environment.database.updateMessage(again);
    this.#sendNext(message.roomId);
  }

  /** @throws Refused `conflict` while it is being sent */
  async delete(messageId: MessageId): Promise<void> {
    const message = this.#unlessSending(messageId);
    if (message) this.#remove(message);
    // A message that was returned to its draft while the disk was full is still stored; its attachments are the draft's.
    await this.#environment.database.deleteMessage(message ?? { messageId, images: [] });
  }

  /**
   * Returns a message to the room's draft.
   * @param draft makes the new draft
   * @throws Refused `conflict` while the message is being sent
   */
  async returnToDraft(messageId: MessageId, draft: (message: OutgoingMessage) => StoredDraft): Promise<void> {
    const message = this.#unlessSending(messageId);
    if (!message) return;
    this.#remove(message);
    await this.#environment.database.returnToDraft(message, draft(message));
  }

  /** Sends nothing to this room until `roomReady`: it is still being created. */
  holdRoom(roomId: RoomId): void {
    this.#unready.add(roomId);
  }

  roomReady(roomId: RoomId): void {
    this.#unready.delete(roomId);
    this.#sendNext(roomId);
  }

  /** Sends what may be sent, in every room. */
  drain(): void {
    for (const roomId of new Set([...this.#messages.values()].map((message) => message.roomId))) this.#sendNext(roomId);
  }

  /** The room's log was applied up to `position`, with these messages: the timeline shows them from now on. */
  settle(roomId: RoomId, position: number, messageIds: readonly MessageId[]): void {
    const queue = this.#queue(roomId);
    for (const message of this.#messagesOf(roomId)) {
      const { delivery, messageId } = message;
      const shown = messageIds.includes(messageId);
      if (shown && delivery.status !== 'success') void this.#environment.database.deleteMessage(message);
      // The answer may be lost: the next message does not wait for it.
      if (shown && queue.sending === messageId) queue.sending = null;
      if (shown || (delivery.status === 'success' && delivery.seq <= position)) this.#remove(message);
    }
  }

  #sendNext(roomId: RoomId): void {
    const queue = this.#queue(roomId);
    const ready = this.#environment.connection.isOnline && !this.#unready.has(roomId);
    if (!ready || queue.sending !== null || queue.cancelPause) return;
    const message = nextToSend(this.#messagesOf(roomId));
    if (message?.delivery.status !== 'pending') return;
    void this.#send(queue, message, message.delivery.tries);
  }

  async #send(queue: RoomQueue, message: OutgoingMessage, tries: number): Promise<void> {
    queue.sending = message.messageId;
    this.#set({ ...message, delivery: { status: 'inFlight', tries } });
    const result = await this.#deliver(message);
    if (queue.sending === message.messageId) queue.sending = null;
    this.#conclude(queue, message, result);
    this.#sendNext(message.roomId);
  }

  /** Uploads the attachments that the server does not have, then sends the message. */
  async #deliver(message: OutgoingMessage): Promise<SendResult> {
    const { upload } = this.#environment;
    const uploaded = await uploadAttachments(message.images, upload, (images) =>
      this.#keepAttachments(message.messageId, images),
    );
    if (uploaded.kind !== 'uploaded') return uploaded;
    const current = { ...message, images: uploaded.attachments };
    const result = await deliver(this.#environment, current, (stored) => this.#stored(stored));
    if (result.kind === 'gone') this.#keepAttachments(message.messageId, current.images.map(toOutgoingAttachment));
    return result;
  }

  /** Stores which attachments are uploaded. */
  #keepAttachments(messageId: MessageId, images: OutgoingMessage['images']): void {
    const message = this.#messages.get(messageId);
    if (message?.delivery.status !== 'inFlight') return;
    const known = { ...message, images };
    this.#messages.set(messageId, known);
    const { tries } = message.delivery;
    void this.#environment.database.updateMessage({ ...known, delivery: { status: 'pending', tries } });
  }

  /** The server has the message, even if it was removed here meanwhile. */
  #stored(stored: Message): void {
    const { roomId, messageId, seq } = stored;
    const message = this.#messages.get(messageId);
    if (message) {
      this.#messages.set(messageId, { ...message, delivery: { status: 'success', seq } });
      void this.#environment.database.deleteMessage(message);
    }
    this.#queue(roomId).pauses = 0;
    this.#events.messageStored(stored);
  }

  #conclude(queue: RoomQueue, { roomId, messageId }: OutgoingMessage, result: SendResult): void {
    const message = this.#messages.get(messageId);
    if (message?.delivery.status !== 'inFlight') return;
    const { delivery, pause } = afterSending(message.delivery.tries, result);
    const updated = { ...message, delivery };
    this.#set(updated);
    if (result.kind !== 'closed') void this.#environment.database.updateMessage(updated);
    if (pause.kind === 'pause') this.#pause(roomId, queue, pause.retryAfterMs);
  }

  #pause(roomId: RoomId, queue: RoomQueue, retryAfterMs: number | undefined): void {
    const { clock, random } = this.#environment;
    queue.cancelPause = clock.after(pauseAfterBusy(queue.pauses++, retryAfterMs, random), () => {
      queue.cancelPause = null;
      this.#sendNext(roomId);
    });
  }

  #unlessSending(messageId: MessageId): OutgoingMessage | undefined {
    const message = this.#messages.get(messageId);
    const status = message?.delivery.status;
    if (status === 'inFlight' || status === 'success') throw refusal('conflict', 'The message is being sent.');
    return message;
  }

  #set(message: OutgoingMessage): void {
    this.#messages.set(message.messageId, message);
    this.#environment.publish({ kind: 'unsent', upserted: [toUnsent(message)], removed: [] });
  }

  #remove({ messageId, roomId }: OutgoingMessage): void {
    this.#messages.delete(messageId);
    this.#environment.publish({ kind: 'unsent', upserted: [], removed: [messageId] });
    this.#sendNext(roomId);
  }

  #messagesOf(roomId: RoomId): readonly OutgoingMessage[] {
    return [...this.#messages.values()].filter((message) => message.roomId === roomId);
  }

  #queue(roomId: RoomId): RoomQueue {
    const known = this.#queues.get(roomId);
    if (known) return known;
    const queue: RoomQueue = { sending: null, pauses: 0, cancelPause: null };
    this.#queues.set(roomId, queue);
    return queue;
  }
}
