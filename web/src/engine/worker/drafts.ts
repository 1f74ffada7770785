import { LIMITS, type MessageId, type RoomId } from '@parley/protocol';
import { mergeDraft } from '../../domain/draft.ts';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import { isEmpty, NO_DRAFT, type Database, type StoredDraft } from './database.ts';
import { refusal } from './failures.ts';
import type { Publish } from './engine-events.ts';
import type { DraftView } from '../../domain/draft.ts';

type DraftStorage = Pick<Database, 'saveDraft' | 'addDraftAttachment' | 'removeDraftAttachment'>;

/** Drafts by room: stored first, then shown in the other tabs. */
export class Drafts {
  readonly #database: DraftStorage;
  readonly #publish: Publish;
  readonly #drafts = new Map<RoomId, StoredDraft>();
  /** The drafts that tabs still show while a change is being stored. */
  readonly #shown = new Map<RoomId, StoredDraft>();

  constructor(database: DraftStorage, publish: Publish) {
    this.#database = database;
    this.#publish = publish;
  }

  load(drafts: ReadonlyMap<RoomId, StoredDraft>): void {
    for (const [roomId, draft] of drafts) this.#drafts.set(roomId, draft);
  }

  /** The drafts as tabs show them. */
  all(): readonly DraftView[] {
    return [...new Map([...this.#drafts, ...this.#shown])].map(([roomId, draft]) => ({ roomId, ...draft }));
  }

  get(roomId: RoomId): StoredDraft {
    return this.#drafts.get(roomId) ?? NO_DRAFT;
  }

  /**
   * Saves what a tab wrote, merged with what other tabs wrote meanwhile. Resolves with the merged text.
   * @param base the draft that the text grew from
   */
  async save(roomId: RoomId, { base, text }: { base: string; text: string }, origin: string): Promise<string> {
    const before = this.get(roomId);
    const draft = { ...before, text: mergeDraft(base, before.text, text) };
    const publishChange = this.change(roomId, draft);
    await this.#database.saveDraft(roomId, draft);
    publishChange(draft.text === text ? origin : null);
    // Includes what other tabs wrote while it was being stored.
    return this.get(roomId).text;
  }

  /** @throws Refused `too_large` if the draft already has the most attachments a message may have */
  async addAttachment(roomId: RoomId, attachment: DraftAttachment): Promise<void> {
    const before = this.get(roomId);
    if (before.images.some(({ imageId }) => imageId === attachment.imageId)) return;
    if (before.images.length >= LIMITS.attachmentsPerMessage) {
      throw refusal('too_large', `A message can have ${LIMITS.attachmentsPerMessage} images: send these first.`);
    }
    const draft = { ...before, images: [...before.images, attachment] };
    // Applied at once, so that a change that arrives while it is being stored is added to it.
    this.show(roomId, draft);
    await this.#database.addDraftAttachment(roomId, draft, attachment);
  }

  async removeAttachment(roomId: RoomId, imageId: string): Promise<void> {
    const before = this.get(roomId);
    // It may belong to a message by now that was sent meanwhile.
    if (!before.images.some((attachment) => attachment.imageId === imageId)) return;
    const draft = { ...before, images: before.images.filter((attachment) => attachment.imageId !== imageId) };
    this.show(roomId, draft);
    await this.#database.removeDraftAttachment(roomId, draft, imageId);
  }

  /** null: the draft is no reply. */
  async setReply(roomId: RoomId, replyTo: MessageId | null): Promise<void> {
    const draft = { ...this.get(roomId), replyTo };
    this.show(roomId, draft);
    await this.#database.saveDraft(roomId, draft);
  }

  /** Applies and shows a draft at once. */
  show(roomId: RoomId, draft: StoredDraft): void {
    this.change(roomId, draft)(null);
  }

  /**
   * Applies a draft at once, so that a save meanwhile cannot restore what was removed; tabs show it once it is stored.
   * @returns publishes the change; `origin`: the tab that receives the text as its answer, not as a patch
   */
  change(roomId: RoomId, draft: StoredDraft): (origin: string | null) => void {
    if (!this.#shown.has(roomId)) this.#shown.set(roomId, this.get(roomId));
    if (isEmpty(draft)) this.#drafts.delete(roomId);
    else this.#drafts.set(roomId, draft);
    return (origin) => this.#publishChange(roomId, origin);
  }

  /** Publishes the current draft: if two changes are being stored at once, all tabs end with the later one. */
  #publishChange(roomId: RoomId, origin: string | null): void {
    const shown = this.#shown.get(roomId);
    // Already published with another change.
    if (!shown) return;
    this.#shown.delete(roomId);
    const { text, replyTo, images } = this.get(roomId);
    const audience = origin === null ? ({ kind: 'all' } as const) : ({ kind: 'others', tabId: origin } as const);
    if (shown.text !== text) this.#publish({ kind: 'draft', roomId, text, origin }, audience);
    if (shown.replyTo !== replyTo) this.#publish({ kind: 'draft_reply', roomId, replyTo });
    if (shown.images !== images) this.#publish({ kind: 'draft_images', roomId, images });
  }
}
