import { LIMITS, type MessageId, type RoomId } from '@parley/protocol';
import { mergeDraft } from '../../domain/draft.ts';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import { isEmpty, NO_DRAFT, type Database, type StoredDraft } from './database.ts';
import { refusal } from './failures.ts';
import type { Publish } from './tab-registry.ts';
import type { DraftView } from '../../domain/draft.ts';

type DraftStorage = Pick<Database, 'saveDraft' | 'addDraftAttachment' | 'removeDraftAttachment'>;

/** Drafts by room: stored first, then shown in the other tabs. */
export class Drafts {
  readonly #database: DraftStorage;
  readonly #publish: Publish;
  readonly #drafts = new Map<RoomId, StoredDraft>();
  /** As tabs show them, while a change is being stored. */
  readonly #shown = new Map<RoomId, StoredDraft>();

  constructor(database: DraftStorage, publish: Publish) {
    this.#database = database;
    this.#publish = publish;
  }

  load(drafts: ReadonlyMap<RoomId, StoredDraft>): void {
    for (const [roomId, draft] of drafts) this.#drafts.set(roomId, draft);
  }

  /** As tabs show them. */
  all(): readonly DraftView[] {
    return [...new Map([...this.#drafts, ...this.#shown])].map(([roomId, draft]) => ({ roomId, ...draft }));
  }

  get(roomId: RoomId): StoredDraft {
    return this.#drafts.get(roomId) ?? NO_DRAFT;
  }

  /**
   * Saves what a tab wrote, without dropping what others wrote meanwhile. Resolves with the text as it is then.
   * @param base the draft that the text grew from
   */
  async save(roomId: RoomId, { base, text }: { base: string; text: string }, origin: string): Promise<string> {
    const before = this.get(roomId);
    const draft = { ...before, text: mergeDraft(base, before.text, text) };
    const publishChange = this.change(roomId, draft);
    await this.#database.saveDraft(roomId, draft);
    publishChange(draft.text === text ? origin : null);
    // What others wrote while it was being stored is in it, too.
    return this.get(roomId).text;
  }

  /** @throws Refused `too_large` when the draft has as many as a message may have */
  async addAttachment(roomId: RoomId, attachment: DraftAttachment): Promise<void> {
    const before = this.get(roomId);
    if (before.images.some(({ imageId }) => imageId === attachment.imageId)) return;
    if (before.images.length >= LIMITS.attachmentsPerMessage) {
      throw refusal('too_large', `A message can have ${LIMITS.attachmentsPerMessage} images: send these first.`);
    }
    const draft = { ...before, images: [...before.images, attachment] };
    // Known at once, so that another image or text that comes now is added to it.
    this.show(roomId, draft);
    await this.#database.addDraftAttachment(roomId, draft, attachment);
  }

  async removeAttachment(roomId: RoomId, imageId: string): Promise<void> {
    const before = this.get(roomId);
    // It may have left with a message meanwhile, whose image it is now.
    if (!before.images.some((attachment) => attachment.imageId === imageId)) return;
    const draft = { ...before, images: before.images.filter((attachment) => attachment.imageId !== imageId) };
    this.show(roomId, draft);
    await this.#database.removeDraftAttachment(roomId, draft, imageId);
  }

  /** null: it answers nothing. */
  async setReply(roomId: RoomId, replyTo: MessageId | null): Promise<void> {
    const draft = { ...this.get(roomId), replyTo };
    this.show(roomId, draft);
    await this.#database.saveDraft(roomId, draft);
  }

  /** Known and shown at once. */
  show(roomId: RoomId, draft: StoredDraft): void {
    this.change(roomId, draft)(null);
  }

  /**
   * Known at once, so that nothing that is saved meanwhile brings back what left it; shown once it is stored.
   * @returns tells the tabs; `origin`: not the one whose text it is, which is answered with it
   */
  change(roomId: RoomId, draft: StoredDraft): (origin: string | null) => void {
    if (!this.#shown.has(roomId)) this.#shown.set(roomId, this.get(roomId));
    if (isEmpty(draft)) this.#drafts.delete(roomId);
    else this.#drafts.set(roomId, draft);
    return (origin) => this.#publishChange(roomId, origin);
  }

  /** As it is by now: of two that are saved at once, all tabs are told the later one last. */
  #publishChange(roomId: RoomId, origin: string | null): void {
    const shown = this.#shown.get(roomId);
    // Told with another change already.
    if (!shown) return;
    this.#shown.delete(roomId);
    const { text, replyTo, images } = this.get(roomId);
    const audience = origin === null ? ({ kind: 'all' } as const) : ({ kind: 'others', tabId: origin } as const);
    if (shown.text !== text) this.#publish({ kind: 'draft', roomId, text, origin }, audience);
    if (shown.replyTo !== replyTo) this.#publish({ kind: 'draft_reply', roomId, replyTo });
    if (shown.images !== images) this.#publish({ kind: 'draft_images', roomId, images });
  }
}
