import { LIMITS, type MessageId, type RoomId } from '@parley/protocol';
import { mergeDraft } from '../domain/draft.ts';
import type { DraftImage } from '../domain/images.ts';
import { isEmpty, NO_DRAFT, type Database, type Draft } from './database.ts';
import { refusal } from './failures.ts';
import type { Publish } from './hub.ts';
import type { DraftView } from './messages.ts';

/** What is written and not sent, by room: in the database first, then in the other tabs. */
export class Drafts {
  readonly #database: Database;
  readonly #publish: Publish;
  readonly #drafts = new Map<RoomId, Draft>();
  /** As tabs show them, while a message that takes something along is being stored. */
  readonly #shown = new Map<RoomId, Draft>();

  constructor(database: Database, publish: Publish) {
    this.#database = database;
    this.#publish = publish;
  }

  load(drafts: ReadonlyMap<RoomId, Draft>): void {
    for (const [roomId, draft] of drafts) this.#drafts.set(roomId, draft);
  }

  /** As tabs show them. */
  all(): readonly DraftView[] {
    return [...new Map([...this.#drafts, ...this.#shown])].map(([roomId, draft]) => ({ roomId, ...draft }));
  }

  get(roomId: RoomId): Draft {
    return this.#drafts.get(roomId) ?? NO_DRAFT;
  }

  /**
   * Saves what a tab wrote, without dropping what others wrote meanwhile. Resolves with the text as it is then.
   * @param base the draft that the text grew from
   */
  async save(roomId: RoomId, { base, text }: { base: string; text: string }, origin: string): Promise<string> {
    const before = this.get(roomId);
    const draft = { ...before, text: mergeDraft(base, before.text, text) };
    this.#set(roomId, draft);
    await this.#database.saveDraft(roomId, draft);
    this.#tellText(roomId, draft.text === text ? origin : null);
    // What others wrote while it was being stored is in it, too.
    return this.get(roomId).text;
  }

  /** @throws Refused `too_large` when the draft has as many as a message may have */
  async addImage(roomId: RoomId, image: DraftImage): Promise<void> {
    const before = this.get(roomId);
    if (before.images.some(({ imageId }) => imageId === image.imageId)) return;
    if (before.images.length >= LIMITS.attachmentsPerMessage) {
      throw refusal('too_large', `A message can have ${LIMITS.attachmentsPerMessage} images: send these first.`);
    }
    const draft = { ...before, images: [...before.images, image] };
    // Known at once, so that another image or text that comes now is added to it.
    this.show(roomId, draft, null);
    await this.#database.addDraftImage(roomId, draft, image);
  }

  async removeImage(roomId: RoomId, imageId: string): Promise<void> {
    const before = this.get(roomId);
    // It may have left with a message meanwhile, whose image it is now.
    if (!before.images.some((image) => image.imageId === imageId)) return;
    const draft = { ...before, images: before.images.filter((image) => image.imageId !== imageId) };
    this.show(roomId, draft, null);
    await this.#database.removeDraftImage(roomId, draft, imageId);
  }

  /** null: it answers nothing. */
  async setReply(roomId: RoomId, replyTo: MessageId | null): Promise<void> {
    const draft = { ...this.get(roomId), replyTo };
    this.show(roomId, draft, null);
    await this.#database.saveDraft(roomId, draft);
  }

  /** What the database holds by now; `origin`: the tab that knows its text already, null where none does. */
  show(roomId: RoomId, draft: Draft, origin: string | null): void {
    this.leave(roomId, draft)(origin);
  }

  /**
   * What a message takes along leaves the draft at once, so that nothing that is saved meanwhile brings it back.
   * @returns tells the tabs, for when the message is stored
   */
  leave(roomId: RoomId, remaining: Draft): (origin: string | null) => void {
    const before = this.get(roomId);
    this.#set(roomId, remaining);
    if (!this.#shown.has(roomId)) this.#shown.set(roomId, before);
    return (origin) => {
      this.#shown.delete(roomId);
      const { text, replyTo, images } = this.get(roomId);
      if (before.text !== text) this.#tellText(roomId, origin);
      if (before.replyTo !== replyTo) this.#publish({ kind: 'draft_reply', roomId, replyTo });
      if (before.images !== images) this.#publish({ kind: 'draft_images', roomId, images });
    };
  }

  #set(roomId: RoomId, draft: Draft): void {
    if (isEmpty(draft)) this.#drafts.delete(roomId);
    else this.#drafts.set(roomId, draft);
  }

  /** As it is by now: of two that are saved at once, all tabs are told the later one last. */
  #tellText(roomId: RoomId, origin: string | null): void {
    const audience = origin === null ? ({ kind: 'all' } as const) : ({ kind: 'others', tabId: origin } as const);
    const { text } = this.get(roomId);
    const shown = this.#shown.get(roomId);
    if (shown) this.#shown.set(roomId, { ...shown, text });
    this.#publish({ kind: 'draft', roomId, text, origin }, audience);
  }
}
