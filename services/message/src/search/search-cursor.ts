import { ParleyError } from '@parley/contracts';
import { ID_PATTERN, type RoomId } from '@parley/protocol';
import type { SearchPlace } from './search.repository.ts';

export const toCursor = ({ at, seq, roomId }: SearchPlace): string => `${at}_${seq}_${roomId}`;

/** Throws ParleyError `invalid` for anything that toCursor does not return. */
export function parseCursor(cursor: string): SearchPlace {
  const [, at = '', seq = '', roomId = ''] = /^(\d{1,15})_(\d{1,15})_(.+)$/.exec(cursor) ?? [];
  if (at === '' || !ID_PATTERN.test(roomId)) {
    throw new ParleyError('invalid', 'before must be the `next` of the previous page.');
  }
  return { at: Number(at), seq: Number(seq), roomId: roomId as RoomId };
}
