import type { RoomId } from '@parley/protocol';
import type { NewEntry } from './entry.ts';
import { Lane, type LaneContext } from './lane.ts';
import { shuttingDown, overloaded } from './append-errors.ts';
import type { AppendOutcome } from './pending-entry.ts';

/** How much may wait, and how many idle lanes are remembered with their heads. */
export interface LaneLimits {
  readonly waitingInRoom: number;
  readonly waiting: number;
  readonly lanes: number;
}

const LIMITS_OF_LANES: LaneLimits = { waitingInRoom: 1_000, waiting: 10_000, lanes: 10_000 };

/** The lanes of all rooms; those least recently used are forgotten when they are idle. */
export class Lanes {
  /** In the order of their last use. */
  readonly #lanes = new Map<RoomId, { lane: Lane; waiting: number }>();
  readonly #context: LaneContext;
  readonly #bounds: LaneLimits;
  readonly #unfinished = new Set<Promise<unknown>>();
  #waiting = 0;
  #closed = false;

  constructor(context: LaneContext, bounds: LaneLimits = LIMITS_OF_LANES) {
    this.#context = context;
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#lanes.size;
  }

  /** Entries that are not decided yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Outcomes in the order of the new entries; those at the end for which there is no space are `unavailable`. Never rejects. */
  async append(roomId: RoomId, newEntries: readonly NewEntry[]): Promise<AppendOutcome[]> {
    if (this.#closed) return newEntries.map(() => ({ error: shuttingDown() }));
    const use = this.#use(roomId);
    const space = Math.min(this.#bounds.waitingInRoom - use.waiting, this.#bounds.waiting - this.#waiting);
    const taken = newEntries.slice(0, Math.max(0, space));
    use.waiting += taken.length;
    this.#waiting += taken.length;
    const outcomes = use.lane.append(taken);
    this.#unfinished.add(outcomes);
    const decided = await outcomes;
    this.#unfinished.delete(outcomes);
    use.waiting -= taken.length;
    this.#waiting -= taken.length;
    return [...decided, ...newEntries.slice(taken.length).map(() => ({ error: overloaded() }))];
  }

  /** Takes nothing more and resolves when all that was taken is decided. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#unfinished);
  }

  #use(roomId: RoomId): { lane: Lane; waiting: number } {
    const use = this.#lanes.get(roomId) ?? { lane: new Lane(roomId, this.#context), waiting: 0 };
    this.#lanes.delete(roomId);
    this.#lanes.set(roomId, use);
    for (const [id, { lane }] of this.#lanes) {
      if (this.#lanes.size <= this.#bounds.lanes) break;
      if (lane.idle && id !== roomId) this.#lanes.delete(id);
    }
    return use;
  }
}
