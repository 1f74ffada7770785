import type { RoomSummary, UserId } from '@parley/protocol';
import type { UnsentMessage } from '../../worker/messages.ts';

/** The one line that a room's row shows of what is in it. */
export interface RoomPreview {
  readonly kind: 'draft' | 'message' | 'empty';
  /** Who wrote it; empty when that goes without saying. */
  readonly author: string;
  readonly text: string;
}

export interface PreviewContext {
  readonly ownId: UserId;
  readonly draft: string;
  readonly unsent: readonly UnsentMessage[];
  readonly nameOf: (userId: UserId) => string;
}

/** A draft before one's own unsent message before the last message. */
export function roomPreview(room: RoomSummary, context: PreviewContext): RoomPreview {
  const unsent = context.unsent.at(-1);
  if (context.draft.trim() !== '') return { kind: 'draft', author: 'Draft', text: oneLine(context.draft) };
  if (unsent !== undefined) return { kind: 'message', author: 'You', text: oneLine(unsent.text) };
  if (room.lastMessage === null) return { kind: 'empty', author: '', text: 'No messages yet' };
  const { userId, text } = room.lastMessage;
  return { kind: 'message', author: authorOf(room, userId, context), text: oneLine(text) };
}

/** Between two people it is plain who wrote, unless it was oneself. */
function authorOf(room: RoomSummary, userId: UserId, { ownId, nameOf }: PreviewContext): string {
  if (userId === ownId) return 'You';
  const between = room.name === null && room.memberCount === 2;
  return between ? '' : (nameOf(userId).split(/\s+/)[0] ?? '');
}

function oneLine(text: string): string {
  return text.slice(0, 200).replace(/\s+/g, ' ').trim();
}
