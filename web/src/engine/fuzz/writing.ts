import type { RoomId } from '@parley/protocol';

/** A unique word or attachment that a tab put into a draft or a message. */
export interface Written {
  readonly word: string;
  readonly roomId: RoomId;
  readonly tabId: string;
  /** It is in one message only: such words are in the log in the order in which their tab wrote them. */
  isMessage: boolean;
  /** The engine acknowledged to the tab that it is stored. */
  isKept: boolean;
  /** It was acknowledged while storage was not durable, as the tab knew. */
  isVolatile: boolean;
  /** A tab deleted it, so it may be anywhere or nowhere. */
  isUnwanted: boolean;
}

/** Everything that was written in a world, and which tabs are writing where. */
export class Writing {
  readonly words: Written[] = [];
  readonly images: Written[] = [];
  readonly #busy = new Map<string, number>();
  #count = 0;

  /** No name is a prefix of another: a draft at the beginning of a message was sent with it. */
  next(prefix: string): string {
    return `${prefix}${String((this.#count += 1)).padStart(4, '0')}`;
  }

  word(kind: 'draft' | 'message', roomId: RoomId, tabId: string): Written {
    const isMessage = kind === 'message';
    const written = newWritten(this.next(isMessage ? 'm' : 'w'), { roomId, tabId, isMessage });
    this.words.push(written);
    return written;
  }

  image(roomId: RoomId, tabId: string): Written {
    const written = newWritten(this.next('i'), { roomId, tabId, isMessage: true });
    this.images.push(written);
    return written;
  }

  /** The written items in a text or in a list of attachments. */
  among(written: readonly Written[], names: string | readonly string[]): Written[] {
    const named = new Set(typeof names === 'string' ? names.split(/\s+/) : names);
    return written.filter(({ word }) => named.has(word));
  }

  /** Until the answer comes, the tab shows its own state of the room's draft. */
  async during<Answer>(tabId: string, roomId: RoomId, answer: Promise<Answer>): Promise<Answer> {
    const key = `${tabId} ${roomId}`;
    this.#busy.set(key, (this.#busy.get(key) ?? 0) + 1);
    return answer.finally(() => this.#busy.set(key, (this.#busy.get(key) ?? 0) - 1));
  }

  isBusy(tabId: string, roomId: RoomId): boolean {
    return (this.#busy.get(`${tabId} ${roomId}`) ?? 0) > 0;
  }
}

const newWritten = (word: string, place: Pick<Written, 'roomId' | 'tabId' | 'isMessage'>): Written => ({
  ...{ word, ...place },
  ...{ isKept: false, isVolatile: false, isUnwanted: false },
});
