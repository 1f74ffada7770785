import type { RoomId } from '@parley/protocol';

/** A word or an image of its own that somebody put into a draft or a message. */
export interface Written {
  readonly word: string;
  readonly roomId: RoomId;
  readonly tabId: string;
  /** In one message alone: words that are one stand in the log in the order in which their tab wrote them. */
  isMessage: boolean;
  /** The tab was told that it is kept. */
  isKept: boolean;
  /** It was kept while the browser kept nothing, of which the tab was told. */
  isVolatile: boolean;
  /** Somebody wants it gone, so it may be anywhere or nowhere. */
  isUnwanted: boolean;
}

/** Everything that was written in a world, and what is being written in which tab at the moment. */
export class Writing {
  readonly words: Written[] = [];
  readonly images: Written[] = [];
  readonly #busy = new Map<string, number>();
  #count = 0;

  /** No name begins with another: a draft that a message begins with was sent with it. */
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

  /** Those that a text or a list of images names. */
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
