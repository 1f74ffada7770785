import type { Message, MessageId, RoomId } from '@parley/protocol';
import { pauseAfterBusy } from '../../domain/backoff.ts';
import type { Cancel, Clock, Random } from '../../domain/clock.ts';
import { judge, nextToSend, retried, toUnsent, type Outcome, type OutgoingMessage } from '../../domain/outbox.ts';
import type { Connection } from './connection.ts';
import { toOutgoingAttachment } from '../../domain/draft-attachments.ts';
import type { Database, Draft } from './database.ts';
import { deliver } from './delivery.ts';
import { refusal } from './failures.ts';
import type { Publish } from './hub.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';
import { uploadAttachments, type Upload } from './uploads.ts';

export interface OutboxEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly connection: Connection;
  readonly database: Database;
  readonly publish: Publish;
  readonly upload: Upload;
  /** The server has stored it. */
  readonly acknowledged: (message: Message) => void;
}

/** What a room's sending waits for: the end of a message's delivery, the end of a pause. */
interface Lane {
  sending: MessageId | null;
  pauses: number;
  cancelPause: Cancel | null;
}

/** One's own messages until the log has them, and their sending: room by room, in the order they were written. */
export class Outbox {
  readonly #environment: OutboxEnvironment;
  readonly #messages = new Map<MessageId, OutgoingMessage>();
  /** All that were ever here: a tab that was not answered in time asks again for what may be sent by now. */
  readonly #known = new Set<MessageId>();
  /** Images of those, for the same reason: one that has left its draft is not to be put into it again. */
  readonly #knownAttachments = new Set<string>();
  readonly #lanes = new Map<RoomId, Lane>();
  readonly #unready = new Set<RoomId>();
  #lastOrder = 0;

  constructor(environment: OutboxEnvironment) {
    this.#environment = environment;
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

  /** Whether it is in the outbox, or was. */
  knows(messageId: MessageId): boolean {
    return this.#known.has(messageId);
  }

  /** Whether the image is one of a message that is in the outbox, or was. */
  knowsAttachment(imageId: string): boolean {
    return this.#knownAttachments.has(imageId);
  }

  /**
   * Resolves once it is stored. It must be one that the outbox does not know.
   * @param remaining what stays of the room's draft
   */
  async add(
    {
      images,
      ...written
    }: Pick<UnsentMessage, 'roomId' | 'messageId' | 'text' | 'replyTo' | 'mentions'> & Pick<Draft, 'images'>,
    remaining: Draft,
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

  /** @throws Refused `conflict` while it is on its way */
  async delete(messageId: MessageId): Promise<void> {
    const message = this.#resting(messageId);
    if (message) this.#remove(message);
    // One that was taken back while the disk was full is on it still; its images are the draft's.
    await this.#environment.database.deleteMessage(message ?? { messageId, images: [] });
  }

  /**
   * Takes a message back into the room's draft.
   * @param draft makes the draft of the message
   * @throws Refused `conflict` while it is on its way
   */
  async takeBack(messageId: MessageId, draft: (message: OutgoingMessage) => Draft): Promise<void> {
    const message = this.#resting(messageId);
    if (!message) return;
    this.#remove(message);
    await this.#environment.database.returnToDraft(message, draft(message));
  }

  /** Nothing is sent to this room until it is told to be ready: it is still being created. */
  holdRoom(roomId: RoomId): void {
    this.#unready.add(roomId);
  }

  roomReady(roomId: RoomId): void {
    this.#unready.delete(roomId);
    this.#sendNext(roomId);
  }

  /** Sends whatever may be sent, in every room. */
  drain(): void {
    for (const roomId of new Set([...this.#messages.values()].map((message) => message.roomId))) this.#sendNext(roomId);
  }

  /** The room's log was applied up to `position`, these messages among it: they are shown from there now. */
  settle(roomId: RoomId, position: number, messageIds: readonly MessageId[]): void {
    const lane = this.#lane(roomId);
    for (const message of this.#queue(roomId)) {
      const { delivery, messageId } = message;
      const shown = messageIds.includes(messageId);
      if (shown && delivery.status !== 'success') void this.#environment.database.deleteMessage(message);
      // The answer, which may be lost, is not what the next one waits for.
      if (shown && lane.sending === messageId) lane.sending = null;
      if (shown || (delivery.status === 'success' && delivery.seq <= position)) this.#remove(message);
    }
  }

  #sendNext(roomId: RoomId): void {
    const lane = this.#lane(roomId);
    const ready = this.#environment.connection.isOnline && !this.#unready.has(roomId);
    if (!ready || lane.sending !== null || lane.cancelPause) return;
    const message = nextToSend(this.#queue(roomId));
    if (message?.delivery.status !== 'pending') return;
    void this.#send(lane, message, message.delivery.tries);
  }

  async #send(lane: Lane, message: OutgoingMessage, tries: number): Promise<void> {
    lane.sending = message.messageId;
    this.#set({ ...message, delivery: { status: 'inFlight', tries } });
    const outcome = await this.#deliver(message);
    if (lane.sending === message.messageId) lane.sending = null;
    this.#conclude(lane, message, outcome);
    this.#sendNext(message.roomId);
  }

  /** Its images first; those the server has already are not uploaded again. */
  async #deliver(message: OutgoingMessage): Promise<Outcome> {
    const { upload } = this.#environment;
    const uploaded = await uploadAttachments(message.images, upload, (images) =>
      this.#keepAttachments(message.messageId, images),
    );
    if (uploaded.kind !== 'uploaded') return uploaded;
    const current = { ...message, images: uploaded.attachments };
    const outcome = await deliver(this.#environment, current, (stored) => this.#stored(stored));
    if (outcome.kind === 'gone') this.#keepAttachments(message.messageId, current.images.map(toOutgoingAttachment));
    return outcome;
  }

  /** What the server has of them by now. */
  #keepAttachments(messageId: MessageId, images: OutgoingMessage['images']): void {
    const message = this.#messages.get(messageId);
    if (message?.delivery.status !== 'inFlight') return;
    const known = { ...message, images };
    this.#messages.set(messageId, known);
    const { tries } = message.delivery;
    void this.#environment.database.updateMessage({ ...known, delivery: { status: 'pending', tries } });
  }

  /** The server has it, whatever became of the message here meanwhile. */
  #stored(stored: Message): void {
    const { roomId, messageId, seq } = stored;
    const message = this.#messages.get(messageId);
    if (message) {
      this.#messages.set(messageId, { ...message, delivery: { status: 'success', seq } });
      void this.#environment.database.deleteMessage(message);
    }
    this.#lane(roomId).pauses = 0;
    this.#environment.acknowledged(stored);
  }

  #conclude(lane: Lane, { roomId, messageId }: OutgoingMessage, outcome: Outcome): void {
    const message = this.#messages.get(messageId);
    if (message?.delivery.status !== 'inFlight') return;
    const { delivery, pause } = judge(message.delivery.tries, outcome);
    const judged = { ...message, delivery };
    this.#set(judged);
    if (outcome.kind !== 'closed') void this.#environment.database.updateMessage(judged);
    if (pause.kind === 'pause') this.#pause(roomId, lane, pause.retryAfterMs);
  }

  #pause(roomId: RoomId, lane: Lane, retryAfterMs: number | undefined): void {
    const { clock, random } = this.#environment;
    lane.cancelPause = clock.after(pauseAfterBusy(lane.pauses++, retryAfterMs, random), () => {
      lane.cancelPause = null;
      this.#sendNext(roomId);
    });
  }

  #resting(messageId: MessageId): OutgoingMessage | undefined {
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

  #queue(roomId: RoomId): readonly OutgoingMessage[] {
    return [...this.#messages.values()].filter((message) => message.roomId === roomId);
  }

  #lane(roomId: RoomId): Lane {
    const known = this.#lanes.get(roomId);
    if (known) return known;
    const lane: Lane = { sending: null, pauses: 0, cancelPause: null };
    this.#lanes.set(roomId, lane);
    return lane;
  }
}
