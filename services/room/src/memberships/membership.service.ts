import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, type Membership, type MembershipsOfUser } from '@parley/contracts';
import { CLOCK, uuidv7, type Clock } from '@parley/platform';
import { LIMITS, type Member, type RoomId, type UserId } from '@parley/protocol';
import { AccountService } from '../accounts/account.service.ts';
import { ROOM_REPOSITORY, type RoomRepository } from '../rooms/room.repository.ts';
import { ANNOUNCEMENT_REPOSITORY, type AnnouncementRepository } from './announcement.repository.ts';
import { MembershipAnnouncer } from './membership-announcer.service.ts';
import { MEMBERSHIP_REPOSITORY, type MembershipRepository, type RoomMember } from './membership.repository.ts';

/**
 * Changes are committed first and announced in the room log afterwards. When the announcement fails, the request fails
 * with `unavailable` although the change is stored; repeating the request, or Housekeeping, announces it.
 */
@Injectable()
export class MembershipService {
  readonly #memberships: MembershipRepository;
  readonly #announcements: AnnouncementRepository;
  readonly #announcer: MembershipAnnouncer;
  readonly #accounts: AccountService;
  readonly #rooms: RoomRepository;
  readonly #clock: Clock;

  constructor(
    @Inject(MEMBERSHIP_REPOSITORY) memberships: MembershipRepository,
    @Inject(ANNOUNCEMENT_REPOSITORY) announcements: AnnouncementRepository,
    announcer: MembershipAnnouncer,
    accounts: AccountService,
    @Inject(ROOM_REPOSITORY) rooms: RoomRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#memberships = memberships;
    this.#announcements = announcements;
    this.#announcer = announcer;
    this.#accounts = accounts;
    this.#rooms = rooms;
    this.#clock = clock;
  }

  /** Throws `not_member`, also when the room does not exist. */
  async requireMember(roomId: RoomId, userId: UserId): Promise<void> {
    if (!(await this.#memberships.isMember(roomId, userId))) throw notMember();
  }

  /** Throws `not_member`, or `forbidden` for members who are not owners. */
  async requireOwner(roomId: RoomId, userId: UserId): Promise<void> {
    const role = await this.#memberships.findRole(roomId, userId);
    if (role === null) throw notMember();
    if (role !== 'owner') throw new ParleyError('forbidden', 'Only an owner of the room can do this.');
  }

  /** For members. Does not change existing members. `not_found`: unknown users. */
  async add(roomId: RoomId, userId: UserId, memberIds: readonly UserId[]): Promise<void> {
    await this.requireMember(roomId, userId);
    await this.#accounts.requireUsers(memberIds);
    await this.join(roomId, memberIds);
  }

  /** The caller has checked the permission and that the users exist. */
  async join(roomId: RoomId, userIds: readonly UserId[]): Promise<void> {
    // The entryId is random and stored with the change. A member who could guess it could use it for a message, and the
    // join could then never be appended to the log.
    const newMembers = userIds.map((userId) => ({ userId, entryId: uuidv7() }));
    await this.#memberships.join({ roomId, newMembers, at: this.#clock.now() });
    await this.#announcer.announce(roomId);
  }

  /** Idempotent until the leave is announced; afterwards `not_member`. */
  async leave(roomId: RoomId, userId: UserId): Promise<void> {
    const left = await this.#memberships.leave({ roomId, userId, entryId: uuidv7(), at: this.#clock.now() });
    if (!left && !(await this.#announcements.isLeavePending(roomId, userId))) throw notMember();
    await this.#announcer.announce(roomId);
  }

  /** For owners. Idempotent until the removal is announced; afterwards `not_found`. */
  async remove(roomId: RoomId, ownerId: UserId, userId: UserId): Promise<void> {
    await this.requireOwner(roomId, ownerId);
    if (userId === ownerId) throw new ParleyError('invalid', 'You cannot remove yourself. Leave the room instead.');
    const at = this.#clock.now();
    const left = await this.#memberships.leave({ roomId, userId, entryId: uuidv7(), at, removedBy: ownerId });
    if (!left && !(await this.#announcements.isLeavePending(roomId, userId))) {
      throw new ParleyError('not_found', 'This user is not a member of the room.');
    }
    await this.#announcer.announce(roomId);
  }

  /** A page of members in join order. `next`: the `after` of the next page, if there is one. */
  async getMembers(
    roomId: RoomId,
    userId: UserId,
    page: { after?: string; limit: number },
  ): Promise<{ members: Member[]; next?: string }> {
    const after = parseCursor(page.after);
    await this.requireMember(roomId, userId);
    const [found, [room]] = await Promise.all([
      this.#memberships.findByRoom(roomId, after, page.limit + 1),
      this.#rooms.find([roomId]),
    ]);
    const shown = found.slice(0, page.limit);
    const withReceipts = (room?.memberCount ?? 0) <= LIMITS.membersWithReceipts;
    const users = await this.#accounts.findUsers(shown.map((member) => member.userId));
    const byId = new Map(shown.map((member) => [member.userId, member]));
    const members = users.map((user) => ({ ...user, ...memberDetails(byId.get(user.userId), withReceipts) }));
    const last = shown.at(-1);
    return { members, ...(last && found.length > shown.length ? { next: String(last.joinOrder) } : {}) };
  }

  /**
   * Per user, in the given order. The roomsVersion is read first, so it is never newer than the memberships and a client
   * that compares it later misses no change.
   */
  async findByUsers(userIds: readonly UserId[]): Promise<MembershipsOfUser[]> {
    const versions = new Map(
      (await this.#accounts.findRoomsVersions(userIds)).map(({ userId, roomsVersion }) => [userId, roomsVersion]),
    );
    const byUser = new Map<UserId, Membership[]>(userIds.map((userId) => [userId, []]));
    for (const { userId, ...membership } of await this.#memberships.findByUsers([...byUser.keys()])) {
      byUser.get(userId)?.push(membership);
    }
    return userIds.map((userId) => ({
      roomsVersion: versions.get(userId) ?? 0,
      memberships: byUser.get(userId) ?? [],
    }));
  }
}

export const notMember = (): ParleyError => new ParleyError('not_member', 'You are not a member of this room.');

function memberDetails(member: RoomMember | undefined, withReceipts: boolean): Pick<Member, 'role' | 'readSeq'> {
  if (!member) return {};
  const { role, readSeq } = member;
  return withReceipts && readSeq !== null ? { role, readSeq } : { role };
}

/** The joinOrder after which the page starts; 0 without a cursor. */
function parseCursor(after: string | undefined): number {
  if (after === undefined) return 0;
  if (!/^\d{1,15}$/.test(after)) throw new ParleyError('invalid', 'after must be the `next` of the previous page.');
  return Number(after);
}
