import type { LastMessage, MessageId } from '@parley/protocol';
import { shallowReactive } from 'vue';
import { entryAt } from '../../domain/timeline.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useTimelinesStore } from '../../stores/timelines.ts';

/** Tracks which search results were deleted since they were found. */
export function useDeletedMessages() {
  const engine = useEngineStore();
  const timelines = useTimelinesStore();
  const deleted = shallowReactive(new Set<MessageId>());

  /** Known from the timeline of an open room, or from an earlier `exists`. */
  function isDeleted({ messageId, roomId, seq }: LastMessage): boolean {
    if (deleted.has(messageId)) return true;
    const entry = entryAt(timelines.byRoom.get(roomId)?.entries ?? [], seq);
    return entry?.kind === 'message' && entry.message.deletedAt !== undefined;
  }

  /** Asks the server whether the message still exists. Without an answer it is assumed to. */
  async function exists(message: LastMessage): Promise<boolean> {
    const { roomId, messageId } = message;
    try {
      const { messages } = await engine.request('find_messages', { roomId, messageIds: [messageId] });
      if (messages[0] !== undefined && messages[0].deletedAt === undefined) return true;
      deleted.add(messageId);
      return false;
    } catch {
      return !isDeleted(message);
    }
  }

  return { isDeleted, exists };
}
