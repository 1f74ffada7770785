import { Gauge, Histogram, type Registry } from 'prom-client';
import type { LaneContext } from './log/lane.ts';
import type { Lanes } from './log/lanes.ts';

/** Wraps the repository of the lanes to measure its inserts. */
export function measureInserts(repository: LaneContext['repository'], registry: Registry): LaneContext['repository'] {
  const registers = [registry];
  const entriesPerInsert = new Histogram({
    name: 'parley_batch_entries',
    help: 'Entries in one insert into a log',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers,
  });
  const seconds = new Histogram({
    name: 'parley_insert_seconds',
    help: 'Duration of inserts into logs, by outcome: stored, clash or uncertain',
    labelNames: ['outcome'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers,
  });
  return {
    readSettledHead: (roomId) => repository.readSettledHead(roomId),
    findByEntryIds: (roomId, entryIds) => repository.findByEntryIds(roomId, entryIds),
    async insertBatch(entries, changes) {
      entriesPerInsert.observe(entries.length);
      const end = seconds.startTimer();
      let outcome: string = 'uncertain';
      try {
        const inserted = await repository.insertBatch(entries, changes);
        outcome = inserted.kind;
        return inserted;
      } finally {
        end({ outcome });
      }
    },
  };
}

export function watchLanes(lanes: Pick<Lanes, 'size' | 'waiting'>, registry: Registry): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('parley_lane_waiting', 'Entries that wait in lanes or are being inserted', () => lanes.waiting);
  gauge('parley_lanes', 'Lanes in memory', () => lanes.size);
}
