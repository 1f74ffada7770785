import type { RoomId } from '@parley/protocol';
import type { Database } from './database.ts';
import type { Publish } from './hub.ts';

/** What is typed and not sent, by room: in the database first, then in the other tabs. */
export class Drafts {
  readonly #database: Database;
  readonly #publish: Publish;
  readonly #texts = new Map<RoomId, string>();

  constructor(database: Database, publish: Publish) {
    this.#database = database;
    this.#publish = publish;
  }

  load(drafts: ReadonlyMap<RoomId, string>): void {
    for (const [roomId, text] of drafts) this.#texts.set(roomId, text);
  }

  all(): readonly { readonly roomId: RoomId; readonly text: string }[] {
    return [...this.#texts].map(([roomId, text]) => ({ roomId, text }));
  }

  get(roomId: RoomId): string {
    return this.#texts.get(roomId) ?? '';
  }

  async save(roomId: RoomId, text: string, origin: string): Promise<void> {
    await this.#database.saveDraft(roomId, text);
    this.show(roomId, text, origin);
  }

  /** What the database holds by now; `origin`: the tab that knows already, null where none does. */
  show(roomId: RoomId, text: string, origin: string | null): void {
    if (this.get(roomId) === text) return;
    if (text === '') this.#texts.delete(roomId);
    else this.#texts.set(roomId, text);
    const audience = origin === null ? ({ kind: 'all' } as const) : ({ kind: 'others', tabId: origin } as const);
    this.#publish({ kind: 'draft', roomId, text, origin }, audience);
  }
}
