import type { RoomId, RoomSummary } from '@parley/protocol';
import type { Clock, Random } from '../../domain/clock.ts';
import { Refused } from './failures.ts';
import { longPause, type RequestWithRetry } from './retrying-request.ts';
import type { Rooms } from './rooms.ts';

export interface RoomListEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly requestWithRetry: RequestWithRetry;
  readonly rooms: Rooms;
}

export interface RoomListListener {
  received(rooms: readonly RoomSummary[]): void;
  /** The room is not in the list any more. */
  gone(roomId: RoomId): void;
  /** The whole list has been read. */
  complete(): void;
}

interface Page {
  readonly rooms: readonly RoomSummary[];
  readonly next?: string;
}

/** Reads the list of the user's rooms page by page; known rooms that are not in it are gone. */
export class RoomListReader {
  readonly #environment: RoomListEnvironment;
  readonly #listener: RoomListListener;
  /** Rooms that the user joined or left while the list is being read: its pages may not know that yet. */
  readonly #meanwhile = new Map<RoomId, 'joined' | 'left'>();
  #reading = 0;

  constructor(environment: RoomListEnvironment, listener: RoomListListener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  joined(roomId: RoomId): void {
    this.#meanwhile.set(roomId, 'joined');
  }

  left(roomId: RoomId): void {
    this.#meanwhile.set(roomId, 'left');
  }

  /** Replaces a reading in progress; retries later if refused. @param first the first page, if it is known already */
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
    const { requestWithRetry } = this.#environment;
    const reading = ++this.#reading;
    this.#meanwhile.clear();
    const listed = new Set<RoomId>();
    let page: Page = first ?? (await requestWithRetry('get_user_rooms', {}));
    while (reading === this.#reading) {
      for (const { roomId } of page.rooms) listed.add(roomId);
      this.#listener.received(page.rooms.filter(({ roomId }) => this.#meanwhile.get(roomId) !== 'left'));
      if (page.next === undefined) return this.#complete(listed);
      page = await requestWithRetry('get_user_rooms', { after: page.next });
    }
  }

  #complete(listed: ReadonlySet<RoomId>): void {
    const { rooms } = this.#environment;
    for (const { roomId } of rooms.all()) {
      if (!listed.has(roomId) && this.#meanwhile.get(roomId) !== 'joined') this.#listener.gone(roomId);
    }
    rooms.complete();
    this.#listener.complete();
  }
}
