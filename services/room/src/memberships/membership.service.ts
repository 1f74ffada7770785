import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, type Membership, type MembershipsOfUser } from '@parley/contracts';
import { CLOCK, uuidv7, type Clock } from '@parley/platform';
import { LIMITS, type Member, type RoomId, type UserId } from '@parley/protocol';
import { AccountService } from '../accounts/account.service.ts';
import { ROOM_REPOSITORY, type RoomRepository } from '../rooms/room.repository.ts';
import { ANNOUNCEMENT_REPOSITORY, type AnnouncementRepository } from './announcement.repository.ts';
import { MembershipAnnouncer } from './membership-announcer.service.ts';
import { MEMBERSHIP_REPOSITORY, type MembershipRepository, type MemberPlace } from './membership.repository.ts';

/**
 * Changes are committed first and announced in the room's log after. When the announcing fails the request answers so
 * (`unavailable`), though the change stands: the same request again finishes it, and so does the sweeper.
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

  /** `not_member`, alike for rooms that do not exist. */
  async requireMember(roomId: RoomId, userId: UserId): Promise<void> {
    if (!(await this.#memberships.isMember(roomId, userId))) throw notMember();
  }

  /** `not_member`, or `forbidden` to members who do not own the room. */
  async requireOwner(roomId: RoomId, userId: UserId): Promise<void> {
    const role = await this.#memberships.findRole(roomId, userId);
    if (role === null) throw notMember();
    if (role !== 'owner') throw new ParleyError('forbidden', 'Only an owner of the room can do this.');
  }

  /** By a member. Those who are members already stay as they are. `not_found`: unknown people. */
  async add(roomId: RoomId, userId: UserId, memberIds: readonly UserId[]): Promise<void> {
    await this.requireMember(roomId, userId);
    await this.#accounts.requireUsers(memberIds);
    await this.join(roomId, memberIds);
  }

  /** Whoever calls this has made sure that they may, and that these people exist. */
  async join(roomId: RoomId, userIds: readonly UserId[]): Promise<void> {
    // Drawn at random and kept with the change: a member who could guess the id of an entry to come could take it for a
    // message, and the entry would never have a place in the log.
    const joining = userIds.map((userId) => ({ userId, entryId: uuidv7() }));
    await this.#memberships.join({ roomId, joining, at: this.#clock.now() });
    await this.#announcer.announce(roomId);
  }

  /** Again while the leaving waits to be announced: as if for the first time. Later: `not_member`. */
  async leave(roomId: RoomId, userId: UserId): Promise<void> {
    const left = await this.#memberships.leave({ roomId, userId, entryId: uuidv7(), at: this.#clock.now() });
    if (!left && !(await this.#announcements.isLeaving(roomId, userId))) throw notMember();
    await this.#announcer.announce(roomId);
  }

  /** By an owner. Again while the leaving waits to be announced: as if for the first time. Later: `not_found`. */
  async remove(roomId: RoomId, ownerId: UserId, userId: UserId): Promise<void> {
    await this.requireOwner(roomId, ownerId);
    if (userId === ownerId) throw new ParleyError('invalid', 'To remove oneself is to leave the room.');
    const at = this.#clock.now();
    const left = await this.#memberships.leave({ roomId, userId, entryId: uuidv7(), at, removedBy: ownerId });
    if (!left && !(await this.#announcements.isLeaving(roomId, userId))) {
      throw new ParleyError('not_found', 'This person is not in the room.');
    }
    await this.#announcer.announce(roomId);
  }

  /** In the order they joined; `next`: the `after` of the next page, if there is one. */
  async getMembers(
    roomId: RoomId,
    userId: UserId,
    page: { after?: string; limit: number },
  ): Promise<{ members: Member[]; next?: string }> {
    const after = parseCursor(page.after);
    await this.requireMember(roomId, userId);
    const [places, [room]] = await Promise.all([
      this.#memberships.findByRoom(roomId, after, page.limit + 1),
      this.#rooms.find([roomId]),
    ]);
    const shown = places.slice(0, page.limit);
    const withReceipts = (room?.memberCount ?? 0) <= LIMITS.membersWithReceipts;
    const users = await this.#accounts.findUsers(shown.map((place) => place.userId));
    const byId = new Map(shown.map((place) => [place.userId, place]));
    const members = users.map((user) => ({ ...user, ...memberDetails(byId.get(user.userId), withReceipts) }));
    const last = shown.at(-1);
    return { members, ...(last && places.length > shown.length ? { next: String(last.joinOrder) } : {}) };
  }

  /**
   * Of each person, in the given order. A roomsVersion is never newer than the memberships, so whoever compares it later
   * misses nothing.
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

function memberDetails(place: MemberPlace | undefined, withReceipts: boolean): Pick<Member, 'role' | 'readSeq'> {
  if (!place) return {};
  const { role, readSeq } = place;
  return withReceipts && readSeq !== null ? { role, readSeq } : { role };
}

/** The joinOrder after which the page begins; 0 without a cursor. */
function parseCursor(after: string | undefined): number {
  if (after === undefined) return 0;
  if (!/^\d{1,15}$/.test(after)) throw new ParleyError('invalid', 'after must be the next of the page before.');
  return Number(after);
}
