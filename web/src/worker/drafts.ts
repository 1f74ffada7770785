import type { RoomId } from '@parley/protocol';
import { mergeDraft } from '../domain/draft.ts';
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

  /**
   * Saves what a tab wrote, without dropping what others wrote meanwhile. Resolves with the draft as it is then.
   * @param base the draft that the text grew from
   */
  async save(roomId: RoomId, { base, text }: { base: string; text: string }, origin: string): Promise<string> {
    const merged = mergeDraft(base, this.get(roomId), text);
    this.#set(roomId, merged);
    await this.#database.saveDraft(roomId, merged);
    this.#tell(roomId, merged === text ? origin : null);
    return merged;
  }

  /** What the database holds by now; `origin`: the tab that knows already, null where none does. */
  show(roomId: RoomId, text: string, origin: string | null): void {
    if (this.get(roomId) === text) return;
    this.#set(roomId, text);
    this.#tell(roomId, origin);
  }

  #set(roomId: RoomId, text: string): void {
    if (text === '') this.#texts.delete(roomId);
    else this.#texts.set(roomId, text);
  }

  /** As it is by now: of two that are saved at once, all tabs are told the later one last. */
  #tell(roomId: RoomId, origin: string | null): void {
    const audience = origin === null ? ({ kind: 'all' } as const) : ({ kind: 'others', tabId: origin } as const);
    this.#publish({ kind: 'draft', roomId, text: this.get(roomId), origin }, audience);
  }
}
