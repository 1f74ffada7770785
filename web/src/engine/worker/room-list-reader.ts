import type { RoomId, RoomSummary } from '@parley/protocol';
import type { Clock, Random } from '../../domain/clock.ts';
import { Refused } from './failures.ts';
import { longPause, type PersistentRequest } from './persistent-request.ts';
import type { Rooms } from './rooms.ts';

export interface RoomListEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly persist: PersistentRequest;
  readonly rooms: Rooms;
}

export interface RoomListListener {
  tell(rooms: readonly RoomSummary[]): void;
  forget(roomId: RoomId): void;
  /** The whole list has been read. */
  done(): void;
}

interface Page {
  readonly rooms: readonly RoomSummary[];
  readonly next?: string;
}

/** Reads the whole list of one's rooms, page by page; what it does not name any more is gone. */
export class RoomListReader {
  readonly #environment: RoomListEnvironment;
  readonly #listener: RoomListListener;
  /** Rooms that came or went while the list is being read, which its pages may not know yet. */
  readonly #meanwhile = new Map<RoomId, 'came' | 'went'>();
  #reading = 0;

  constructor(environment: RoomListEnvironment, listener: RoomListListener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  came(roomId: RoomId): void {
    this.#meanwhile.set(roomId, 'came');
  }

  went(roomId: RoomId): void {
    this.#meanwhile.set(roomId, 'went');
  }

  /** Takes the place of a reading under way; a refusal is tried again later. @param first where it is known already */
  async refresh(first?: Page): Promise<void> {
    try {
      await this.#read(first);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      const { clock, random } = this.#environment;
      clock.after(longPause(random), () => void this.refresh());
    }
  }

  async #read(first?: Page): Promise<void> {
    const { persist } = this.#environment;
    const reading = ++this.#reading;
    this.#meanwhile.clear();
    const told = new Set<RoomId>();
    let page: Page = first ?? (await persist('get_user_rooms', {}));
    while (reading === this.#reading) {
      for (const { roomId } of page.rooms) told.add(roomId);
      this.#listener.tell(page.rooms.filter(({ roomId }) => this.#meanwhile.get(roomId) !== 'went'));
      if (page.next === undefined) return this.#complete(told);
      page = await persist('get_user_rooms', { after: page.next });
    }
  }

  #complete(told: ReadonlySet<RoomId>): void {
    const { rooms } = this.#environment;
    for (const { roomId } of rooms.all()) {
      if (!told.has(roomId) && this.#meanwhile.get(roomId) !== 'came') this.#listener.forget(roomId);
    }
    rooms.complete();
    this.#listener.done();
  }
}
