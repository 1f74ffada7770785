import type { CommittedRoom } from '@parley/contracts';
import type { Room } from '@parley/protocol';

/** The room as clients see it, without the fields for gateways. */
export function toRoom({ initialMemberCount: _initialMemberCount, ...room }: CommittedRoom): Room {
  return room;
}
