import type { RoomId } from '@parley/protocol';
import type { BatchPlan, BatchPlanner, BatchState } from '../log/batch-planner.ts';
import type { NewEntry } from '../log/entry.ts';
import { NO_CONTEXT, readBatchContext, type BatchContextSources } from './batch-context.ts';
import { isPlain, planBatch } from './plan-batch.ts';

/** Plans batches that create, edit, delete and react to messages. */
export class ChangePlanner implements BatchPlanner {
  readonly #sources: BatchContextSources;

  constructor(sources: BatchContextSources) {
    this.#sources = sources;
  }

  async plan(roomId: RoomId, newEntries: readonly NewEntry[], state: BatchState): Promise<BatchPlan> {
    const context = newEntries.every(isPlain) ? NO_CONTEXT : await readBatchContext(this.#sources, roomId, newEntries);
    return planBatch(newEntries, context, state);
  }
}
