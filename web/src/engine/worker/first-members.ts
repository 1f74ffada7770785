import { LIMITS, type RoomId } from '@parley/protocol';
import { Refused } from './failures.ts';
import type { KnownUsers } from './known-users.ts';
import type { RequestWithRetry } from './retrying-request.ts';
import type { Rooms } from './rooms.ts';

export interface FirstMembersEnvironment {
  readonly requestWithRetry: RequestWithRetry;
  readonly rooms: Rooms;
  readonly knownUsers: KnownUsers;
}

/** Reads the first members again after one of them has left a room with more members than its summary names. */
export class FirstMembers {
  readonly #environment: FirstMembersEnvironment;
  readonly #asking = new Set<RoomId>();

  constructor(environment: FirstMembersEnvironment) {
    this.#environment = environment;
  }

  /** Called when a member may have left. */
  async fill(roomId: RoomId): Promise<void> {
    if (this.#asking.has(roomId)) return;
    this.#asking.add(roomId);
    try {
      while (this.#lacks(roomId) && (await this.#ask(roomId)));
    } catch (failure) {
      // The user may no longer be a member: the room is removed, or its summary is read again.
      if (!(failure instanceof Refused)) throw failure;
    } finally {
      this.#asking.delete(roomId);
    }
  }

  /** @returns whether members changed meanwhile, so that the answer may be outdated */
  async #ask(roomId: RoomId): Promise<boolean> {
    const { requestWithRetry, rooms, knownUsers } = this.#environment;
    const before = rooms.get(roomId);
    const page = await requestWithRetry('get_members', { roomId, limit: LIMITS.membersInRoom });
    const members = page.members.map(({ userId, displayName }) => ({ userId, displayName }));
    knownUsers.add(members);
    if (rooms.get(roomId)?.members !== before?.members) return true;
    rooms.setFirstMembers(roomId, members);
    return false;
  }

  #lacks(roomId: RoomId): boolean {
    const room = this.#environment.rooms.get(roomId);
    return room !== undefined && room.members.length < Math.min(LIMITS.membersInRoom, room.memberCount);
  }
}
