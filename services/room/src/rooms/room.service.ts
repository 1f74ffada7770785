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

/** Each new name of somebody else's that comes first costs one. */
const RENAME_TRIES = 10;

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
   * `memberIds`: with or without the creator, who is the first member. Again by its creator, who is still a member: the
   * room as it is now. `not_found`: unknown people; `conflict`: the roomId is taken.
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
    else await this.#requireOwn(creatorId, roomId);
    return this.get(roomId);
  }

  /**
   * By an owner. null, or nothing but spaces: without a name. The same name again changes nothing, and finishes what an
   * earlier attempt could not announce.
   */
  async rename(roomId: RoomId, userId: UserId, newName: string | null): Promise<CommittedRoom> {
    const name = checkName(newName);
    await this.#members.requireOwner(roomId, userId);
    for (let tries = 1; tries <= RENAME_TRIES; tries++) {
      const outcome = await this.#rooms.rename({ roomId, name, userId, entryId: uuidv7(), at: this.#clock.now() });
      if (outcome !== 'unchanged') await this.#announcer.announce(roomId);
      if (outcome !== 'waiting') return this.get(roomId);
    }
    throw new ParleyError('unavailable', 'The room is being given another name. Try again in a moment.');
  }

  /** Of the data that this process serves: before they are restored from a backup, it is stopped. */
  epoch(): Promise<string | undefined> {
    return (this.#epoch ??= this.#rooms.findEpoch().catch((error: unknown) => {
      this.#epoch = undefined;
      throw error;
    }));
  }

  /** For callers who know that it exists. */
  async get(roomId: RoomId): Promise<CommittedRoom> {
    const [room] = await this.find([roomId]);
    if (!room) throw new Error(`The room ${roomId} has members but does not exist.`);
    return room;
  }

  /** In no order; rooms that do not exist are left out. */
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

  async #requireOwn(creatorId: UserId, roomId: RoomId): Promise<void> {
    const [room]: readonly (RoomRecord | undefined)[] = await this.#rooms.find([roomId]);
    const own = room?.creatorId === creatorId && (await this.#memberships.isMember(roomId, creatorId));
    if (!own) throw new ParleyError('conflict', 'This roomId is taken. Make a new one.');
  }
}

/** A name of nothing but spaces is none. */
function checkName(name: string | null): string | null {
  const trimmed = name?.normalize('NFC').trim() ?? '';
  if (/[\p{Cc}\p{Cs}]/u.test(trimmed)) throw new ParleyError('invalid', 'name must not have control characters.');
  if (trimmed.length > LIMITS.roomNameLength) {
    throw new ParleyError('invalid', `name may have at most ${LIMITS.roomNameLength} characters.`);
  }
  return trimmed === '' ? null : trimmed;
}
