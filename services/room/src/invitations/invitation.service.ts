import { Inject, Injectable } from '@nestjs/common';
import { ParleyError } from '@parley/contracts';
import { CLOCK, type Clock } from '@parley/platform';
import {
  INVITATION_DAYS,
  LIMITS,
  type Invitation,
  type InvitationId,
  type RoomId,
  type UserId,
} from '@parley/protocol';
import { MembershipService } from '../memberships/membership.service.ts';
import { createSecretToken, digestToken } from '../secret-token.ts';
import { INVITATION_REPOSITORY, type InvitationRepository } from './invitation.repository.ts';

const TOKEN_BYTES = 24;
const INVITATION_MS = INVITATION_DAYS * 86_400_000;

/** Invitation links. Any user who has the link can join the room until it expires. */
@Injectable()
export class InvitationService {
  readonly #invitations: InvitationRepository;
  readonly #memberships: MembershipService;
  readonly #clock: Clock;

  constructor(
    @Inject(INVITATION_REPOSITORY) invitations: InvitationRepository,
    memberships: MembershipService,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#invitations = invitations;
    this.#memberships = memberships;
    this.#clock = clock;
  }

  /** For members. Stays valid when its creator leaves the room. `too_large`: too many open invitations. */
  async create(roomId: RoomId, creatorId: UserId): Promise<{ token: string; expiresAt: number }> {
    await this.#memberships.requireMember(roomId, creatorId);
    const token = createSecretToken(TOKEN_BYTES);
    const expiresAt = this.#clock.now() + INVITATION_MS;
    const invitation = { tokenDigest: digestToken(token), roomId, creatorId, expiresAt };
    const limit = LIMITS.invitationsPerRoom;
    if (!(await this.#invitations.insert(invitation, { now: this.#clock.now(), limit }))) {
      throw new ParleyError('too_large', `This room has ${limit} open invitations. Revoke one first.`);
    }
    return { token, expiresAt };
  }

  /** For members: the invitations that have not expired, newest first. */
  async list(roomId: RoomId, userId: UserId): Promise<Invitation[]> {
    await this.#memberships.requireMember(roomId, userId);
    const found = await this.#invitations.findByRoom(roomId, this.#clock.now());
    return found.map(({ tokenDigest, creatorId, expiresAt }) => ({
      // Identifies the invitation without granting access.
      invitationId: tokenDigest as InvitationId,
      creatorId,
      createdAt: expiresAt - INVITATION_MS,
      expiresAt,
    }));
  }

  /** For its creator and for owners. Does nothing when the invitation no longer exists. */
  async revoke(roomId: RoomId, userId: UserId, invitationId: InvitationId): Promise<void> {
    await this.#memberships.requireMember(roomId, userId);
    const invitation = await this.#invitations.find(invitationId);
    if (invitation?.roomId !== roomId) return;
    if (invitation.creatorId !== userId) await this.#memberships.requireOwner(roomId, userId);
    await this.#invitations.remove(roomId, invitationId);
  }

  /** Adds the user to the room and returns its id. `not_found`: no such invitation, or it has expired. */
  async accept(token: string, userId: UserId): Promise<RoomId> {
    const invitation = await this.#invitations.find(digestToken(token));
    if (!invitation || invitation.expiresAt <= this.#clock.now()) {
      throw new ParleyError('not_found', 'This invitation does not exist or has expired. Ask for a new one.');
    }
    await this.#memberships.join(invitation.roomId, [userId]);
    return invitation.roomId;
  }

  removeExpired(): Promise<void> {
    return this.#invitations.removeExpired(this.#clock.now());
  }
}
