import { LIMITS, type RoomId } from '@parley/protocol';
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

  constructor(database: Database, publish: Publish) {
    this.#database = database;
    this.#publish = publish;
  }

  load(drafts: ReadonlyMap<RoomId, Draft>): void {
    for (const [roomId, draft] of drafts) this.#drafts.set(roomId, draft);
  }

  all(): readonly DraftView[] {
    return [...this.#drafts].map(([roomId, draft]) => ({ roomId, ...draft }));
  }

  get(roomId: RoomId): Draft {
    return this.#drafts.get(roomId) ?? NO_DRAFT;
  }

  async save(roomId: RoomId, text: string, origin: string): Promise<void> {
    await this.#database.saveDraft(roomId, { ...this.get(roomId), text });
    this.show(roomId, { ...this.get(roomId), text }, origin);
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
    const draft = { ...before, images: before.images.filter((image) => image.imageId !== imageId) };
    this.show(roomId, draft, null);
    await this.#database.removeDraftImage(roomId, draft, imageId);
  }

  /** What the database holds by now; `origin`: the tab that knows its text already, null where none does. */
  show(roomId: RoomId, draft: Draft, origin: string | null): void {
    const before = this.get(roomId);
    if (isEmpty(draft)) this.#drafts.delete(roomId);
    else this.#drafts.set(roomId, draft);
    const { text, images } = draft;
    const audience = origin === null ? ({ kind: 'all' } as const) : ({ kind: 'others', tabId: origin } as const);
    if (before.text !== text) this.#publish({ kind: 'draft', roomId, text, origin }, audience);
    if (before.images !== images) this.#publish({ kind: 'draft_images', roomId, images });
  }
}
