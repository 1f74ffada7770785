import type { CommittedRoom } from '@parley/contracts';
import type { Room } from '@parley/protocol';

/** A room as it is committed, without what is for gateways only. */
export function toldRoom({ initialMemberCount: _initialMemberCount, ...room }: CommittedRoom): Room {
  return room;
}
