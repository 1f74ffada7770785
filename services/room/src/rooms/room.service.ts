import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, type CommittedRoom } from '@parley/contracts';
import { CLOCK, uuidv7, type Clock } from '@parley/platform';
import { LIMITS, type RoomId, type UserId } from '@parley/protocol';
import { AccountService } from '../accounts/account.service.ts';
import { MembershipAnnouncer } from '../memberships/membership-announcer.service.ts';
import { MEMBERSHIP_REPOSITORY, type MembershipRepository } from '../memberships/membership.repository.ts';
import { MembershipService } from '../memberships/membership.service.ts';
import { UserBroadcaster } from '../user-broadcaster.service.ts';
import { ROOM_REPOSITORY, type RoomRepository, type RoomRecord } from './room.repository.ts';

/** Every concurrent rename by another user that is stored first costs one attempt. */
const RENAME_ATTEMPTS = 10;

@Injectable()
export class RoomService {
  #epoch: Promise<string | undefined> | undefined;
  readonly #rooms: RoomRepository;
  readonly #memberships: MembershipRepository;
  readonly #accounts: AccountService;
  readonly #members: MembershipService;
  readonly #announcer: MembershipAnnouncer;
  readonly #broadcaster: UserBroadcaster;
  readonly #clock: Clock;

  constructor(
    @Inject(ROOM_REPOSITORY) rooms: RoomRepository,
    @Inject(MEMBERSHIP_REPOSITORY) memberships: MembershipRepository,
    accounts: AccountService,
    members: MembershipService,
    announcer: MembershipAnnouncer,
    broadcaster: UserBroadcaster,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#rooms = rooms;
    this.#memberships = memberships;
    this.#accounts = accounts;
    this.#members = members;
    this.#announcer = announcer;
    this.#broadcaster = broadcaster;
    this.#clock = clock;
  }

  /**
   * `memberIds` may include the creator, who is always the first member. Idempotent while the creator is a member:
   * returns the current room. `not_found`: unknown users; `conflict`: the roomId is taken.
   */
  async create(
    creatorId: UserId,
    request: { roomId: RoomId; name: string | null; memberIds: readonly UserId[] },
  ): Promise<CommittedRoom> {
    const { roomId } = request;
    const name = checkName(request.name);
    const memberIds = [...new Set([creatorId, ...request.memberIds])];
    await this.#accounts.requireUsers(memberIds);
    const inserted = await this.#rooms.insert({ roomId, name, creatorId, memberIds, createdAt: this.#clock.now() });
    if (inserted) await this.#broadcaster.roomsChanged(memberIds);
    else await this.#requireOwnRoom(creatorId, roomId);
    return this.get(roomId);
  }

  /**
   * For owners. null or blank removes the name. Idempotent: repeating a name announces an earlier attempt that could not
   * be announced.
   */
  async rename(roomId: RoomId, userId: UserId, newName: string | null): Promise<CommittedRoom> {
    const name = checkName(newName);
    await this.#members.requireOwner(roomId, userId);
    for (let attempt = 1; attempt <= RENAME_ATTEMPTS; attempt++) {
      const outcome = await this.#rooms.rename({ roomId, name, userId, entryId: uuidv7(), at: this.#clock.now() });
      if (outcome !== 'unchanged') await this.#announcer.announce(roomId);
      if (outcome !== 'waiting') return this.get(roomId);
    }
    throw new ParleyError('unavailable', 'The room is being renamed by others. Try again in a moment.');
  }

  /** Cached, because the process is stopped while a backup is restored. */
  epoch(): Promise<string | undefined> {
    return (this.#epoch ??= this.#rooms.findEpoch().catch((error: unknown) => {
      this.#epoch = undefined;
      throw error;
    }));
  }

  /** For callers who know that the room exists. */
  async get(roomId: RoomId): Promise<CommittedRoom> {
    const [room] = await this.find([roomId]);
    if (!room) throw new Error(`The room ${roomId} has members but does not exist.`);
    return room;
  }

  /** Unordered; unknown rooms are omitted. */
  async find(roomIds: readonly RoomId[]): Promise<CommittedRoom[]> {
    const records = await this.#rooms.find(roomIds);
    const memberIds = new Set(records.flatMap(({ firstMemberIds }) => firstMemberIds));
    const users = new Map((await this.#accounts.findUsers([...memberIds])).map((user) => [user.userId, user]));
    return records.map(({ roomId, name, firstMemberIds, initialMemberCount, memberCount, createdAt }) => ({
      roomId,
      name,
      members: firstMemberIds.flatMap((userId) => users.get(userId) ?? []),
      initialMemberCount,
      memberCount,
      createdAt,
    }));
  }

  async #requireOwnRoom(creatorId: UserId, roomId: RoomId): Promise<void> {
    const [room]: readonly (RoomRecord | undefined)[] = await this.#rooms.find([roomId]);
    const own = room?.creatorId === creatorId && (await this.#memberships.isMember(roomId, creatorId));
    if (!own) throw new ParleyError('conflict', 'This roomId is taken. Make a new one.');
  }
}

/** null for a blank name. */
function checkName(name: string | null): string | null {
  const trimmed = name?.normalize('NFC').trim() ?? '';
  if (/[\p{Cc}\p{Cs}]/u.test(trimmed)) throw new ParleyError('invalid', 'name must not contain control characters.');
  if (trimmed.length > LIMITS.roomNameLength) {
    throw new ParleyError('invalid', `name may have at most ${LIMITS.roomNameLength} characters.`);
  }
  return trimmed === '' ? null : trimmed;
}
