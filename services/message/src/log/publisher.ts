import type { Bus } from '@parley/bus';
import { encodeRoomBroadcast, roomChannel } from '@parley/contracts';
import type { Logger } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import type { Entry } from './entry.ts';
import { consecutiveRuns } from './sequencing.ts';
import { toRoomEvent, type EntryReferences } from './room-event.ts';

/** Publishes stored entries on their room's channel. */
export class RoomPublisher {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  #failing = false;

  constructor(bus: Pick<Bus, 'publish'>, logger: Pick<Logger, 'warn' | 'info'>) {
    this.#bus = bus;
    this.#logger = logger;
  }

  /**
   * One broadcast for each run of consecutive entries. Resolves when the bus has accepted them or has given up, after at
   * most 200 ms. Never rejects, because gateways repair what the bus loses.
   */
  async publish(roomId: RoomId, entries: readonly Entry[], references: EntryReferences): Promise<void> {
    const runs = consecutiveRuns([...entries].sort((a, b) => a.seq - b.seq));
    try {
      await Promise.all(
        runs.map((run) => this.#bus.publish(roomChannel(roomId), broadcastOf(roomId, run, references))),
      );
      if (runs.length > 0) this.#noteSuccess();
    } catch (error) {
      this.#noteFailure(error);
    }
  }

  #noteSuccess(): void {
    if (this.#failing) this.#logger.info('The bus accepts broadcasts again.');
    this.#failing = false;
  }

  #noteFailure(error: unknown): void {
    if (!this.#failing)
      this.#logger.warn({ err: error }, 'Failed to publish log entries; gateways will read them from the log.');
    this.#failing = true;
  }
}

function broadcastOf(roomId: RoomId, run: readonly Entry[], references: EntryReferences): Buffer {
  const seqs = run.map(({ seq }) => seq);
  const header = {
    kind: 'events',
    roomId,
    firstSeq: seqs.at(0) ?? 0,
    lastSeq: seqs.at(-1) ?? 0,
    at: run.at(-1)?.at ?? 0,
  } as const;
  const changesMembers = run.some(({ event }) => event === 'member_joined' || event === 'member_left');
  return encodeRoomBroadcast(
    changesMembers ? { ...header, members: true } : header,
    run.map((entry) => toRoomEvent(entry, references)),
  );
}
