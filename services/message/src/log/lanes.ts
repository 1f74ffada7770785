import type { RoomId } from '@parley/protocol';
import type { NewEntry } from './entry.ts';
import { Lane, type LaneContext } from './lane.ts';
import { shuttingDown, overloaded } from './append-errors.ts';
import type { AppendOutcome } from './pending-entry.ts';

/** Most entries that may wait, and most idle lanes that are kept with their heads. */
export interface LaneLimits {
  readonly waitingInRoom: number;
  readonly waiting: number;
  readonly lanes: number;
}

const LANE_LIMITS: LaneLimits = { waitingInRoom: 1_000, waiting: 10_000, lanes: 10_000 };

/** The lanes of all rooms. Idle lanes that were not used for longest are dropped beyond the limit. */
export class Lanes {
  /** Ordered by last use. */
  readonly #lanes = new Map<RoomId, { lane: Lane; waiting: number }>();
  readonly #context: LaneContext;
  readonly #limits: LaneLimits;
  readonly #unfinished = new Set<Promise<unknown>>();
  #waiting = 0;
  #closed = false;

  constructor(context: LaneContext, limits: LaneLimits = LANE_LIMITS) {
    this.#context = context;
    this.#limits = limits;
  }

  get size(): number {
    return this.#lanes.size;
  }

  /** Number of entries without an outcome. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Outcomes in the order of the new entries. Entries beyond the limits are `unavailable`. Never rejects. */
  async append(roomId: RoomId, newEntries: readonly NewEntry[]): Promise<AppendOutcome[]> {
    if (this.#closed) return newEntries.map(() => ({ error: shuttingDown() }));
    const use = this.#use(roomId);
    const space = Math.min(this.#limits.waitingInRoom - use.waiting, this.#limits.waiting - this.#waiting);
    const accepted = newEntries.slice(0, Math.max(0, space));
    use.waiting += accepted.length;
    this.#waiting += accepted.length;
    const outcomes = use.lane.append(accepted);
    this.#unfinished.add(outcomes);
    const decided = await outcomes;
    this.#unfinished.delete(outcomes);
    use.waiting -= accepted.length;
    this.#waiting -= accepted.length;
    return [...decided, ...newEntries.slice(accepted.length).map(() => ({ error: overloaded() }))];
  }

  /** Accepts no more entries, and resolves when all accepted ones have an outcome. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#unfinished);
  }

  #use(roomId: RoomId): { lane: Lane; waiting: number } {
    const use = this.#lanes.get(roomId) ?? { lane: new Lane(roomId, this.#context), waiting: 0 };
    this.#lanes.delete(roomId);
    this.#lanes.set(roomId, use);
    for (const [id, { lane }] of this.#lanes) {
      if (this.#lanes.size <= this.#limits.lanes) break;
      if (lane.idle && id !== roomId) this.#lanes.delete(id);
    }
    return use;
  }
}
