import type { RoomId } from '@parley/protocol';
import type { Finding } from './finding.ts';
import type { RoomState } from './stored-data.ts';

/** Finds inconsistencies between a room's members, the head of its log, and the read positions. */
export function auditRoom(roomId: RoomId, { room, head, members, unannounced }: RoomState): Finding[] {
  const where = `room ${roomId}`;
  const findings: Finding[] = [];
  const find = (kind: Finding['kind'], detail: string): void => void findings.push({ kind, where, detail });

  if (room === undefined) {
    find('no_room', `It does not exist, but has ${members.length} members and ${head.seq} entries.`);
  } else {
    if (room.memberCount !== members.length) {
      find('wrong_members', `memberCount is ${room.memberCount}, and there are ${members.length} members.`);
    }
    const expected = room.initialMemberCount + head.memberDelta + sum(unannounced.map(deltaOf));
    if (expected !== members.length) {
      find(
        'wrong_members',
        `The log and the unannounced changes give ${expected} members; there are ${members.length}.`,
      );
    }
  }
  for (const { userId, readSeq, readCount } of members) {
    if ((readSeq ?? 0) > head.seq)
      find('wrong_read', `${userId} has read up to ${readSeq}; the log ends at ${head.seq}.`);
    if ((readCount ?? 0) > head.count) {
      find('wrong_read', `${userId} has read ${readCount} messages; there are ${head.count}.`);
    }
  }
  return findings;
}

const deltaOf = ({ event }: { event: string }): number => (event === 'member_left' ? -1 : 1);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
