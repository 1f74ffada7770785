import type { RoomSummary, UserId } from '@parley/protocol';
import { t } from '../../i18n/i18n.ts';
import { imagesText } from '../../format/shown-image.ts';
import type { ListedRoom } from '../../domain/room-list.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';

/** The line that a room's row shows of its content. */
export interface RoomPreview {
  readonly kind: 'draft' | 'message' | 'empty';
  /** The author; empty where it is obvious. */
  readonly author: string;
  readonly text: string;
}

export interface PreviewContext {
  readonly ownId: UserId;
  readonly draft: string;
  /** Number of attachments of the draft. */
  readonly draftAttachments: number;
  readonly unsent: readonly UnsentMessage[];
  /** undefined: the name is not known yet. */
  readonly nameOf: (userId: UserId) => string | undefined;
}

/** The draft, else the last unsent message, else the last message. */
export function roomPreview(room: ListedRoom, context: PreviewContext): RoomPreview {
  const unsent = context.unsent.at(-1);
  if (context.draft.trim() !== '' || context.draftAttachments > 0) {
    return { kind: 'draft', author: t('room.draft'), text: lineOf(context.draft, context.draftAttachments) };
  }
  if (unsent !== undefined)
    return { kind: 'message', author: t('person.you'), text: lineOf(unsent.text, unsent.images.length) };
  if (room.isPending) return { kind: 'empty', author: '', text: t('room.pending') };
  if (room.lastMessage === null) return { kind: 'empty', author: '', text: t('timeline.emptyTitle') };
  const { userId, text, attachments, deletedAt } = room.lastMessage;
  if (deletedAt !== undefined) return { kind: 'empty', author: '', text: t('message.deleted') };
  return { kind: 'message', author: authorOf(room, userId, context), text: lineOf(text, attachments.length) };
}

/** In an unnamed room of two, the other member's messages need no author. */
function authorOf(room: RoomSummary, userId: UserId, { ownId, nameOf }: PreviewContext): string {
  if (userId === ownId) return t('person.you');
  const between = room.name === null && room.memberCount === 2;
  return between ? '' : (nameOf(userId)?.split(/\s+/)[0] ?? '');
}

/** The text in one line, or the number of images if there is no text. */
function lineOf(text: string, images: number): string {
  const line = text.slice(0, 200).replace(/\s+/g, ' ').trim();
  return line === '' && images > 0 ? imagesText(images) : line;
}
