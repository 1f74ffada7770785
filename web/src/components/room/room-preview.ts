import type { RoomSummary, UserId } from '@parley/protocol';
import { t } from '../../i18n/i18n.ts';
import { imagesText } from '../../format/shown-image.ts';
import type { ListedRoom } from '../../domain/room-list.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';

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
  /** How many images the draft has. */
  readonly draftAttachments: number;
  readonly unsent: readonly UnsentMessage[];
  /** undefined: not known yet. */
  readonly nameOf: (userId: UserId) => string | undefined;
}

/** A draft before one's own unsent message before the last message. */
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

/** Between two people it is plain who wrote, unless it was oneself. */
function authorOf(room: RoomSummary, userId: UserId, { ownId, nameOf }: PreviewContext): string {
  if (userId === ownId) return t('person.you');
  const between = room.name === null && room.memberCount === 2;
  return between ? '' : (nameOf(userId)?.split(/\s+/)[0] ?? '');
}

/** Where there is no text, its images are told. */
function lineOf(text: string, images: number): string {
  const line = text.slice(0, 200).replace(/\s+/g, ' ').trim();
  return line === '' && images > 0 ? imagesText(images) : line;
}
