import type { LastMessage, MessageId } from '@parley/protocol';
import { shallowReactive } from 'vue';
import { entryAt } from '../../domain/timeline.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useTimelinesStore } from '../../stores/timelines.ts';

/** Which of the messages that a search has found were deleted since. */
export function useDeletedMessages() {
  const engine = useEngineStore();
  const timelines = useTimelinesStore();
  const gone = shallowReactive(new Set<MessageId>());

  /** As far as is known: of the open room its timeline tells, of others whoever looks. */
  function isGone({ messageId, roomId, seq }: LastMessage): boolean {
    if (gone.has(messageId)) return true;
    const entry = entryAt(timelines.byRoom.get(roomId)?.entries ?? [], seq);
    return entry?.kind === 'message' && entry.message.deletedAt !== undefined;
  }

  /** Asks whether the message is there still. Without an answer it is taken to be. */
  async function isThere(message: LastMessage): Promise<boolean> {
    const { roomId, messageId } = message;
    try {
      const { messages } = await engine.request('find_messages', { roomId, messageIds: [messageId] });
      if (messages[0] !== undefined && messages[0].deletedAt === undefined) return true;
      gone.add(messageId);
      return false;
    } catch {
      return !isGone(message);
    }
  }

  return { isGone, isThere };
}
