import { Inject, Injectable } from '@nestjs/common';
import { LIMITS, type RoomId, type UserId } from '@parley/protocol';
import { CONTACT_REPOSITORY, type Contact, type ContactRepository } from './contact.repository.ts';

/** Which users see the presence of which others, and when users were last seen. */
@Injectable()
export class ContactService {
  readonly #contacts: ContactRepository;

  constructor(@Inject(CONTACT_REPOSITORY) contacts: ContactRepository) {
    this.#contacts = contacts;
  }

  find(userId: UserId, userIds: readonly UserId[]): Promise<readonly Contact[]> {
    return this.#contacts.find(userId, userIds);
  }

  /** Per user, in the given order, the rooms whose members receive presence events. Larger rooms request presence. */
  async findAudiences(userIds: readonly UserId[]): Promise<{ userId: UserId; roomIds: RoomId[] }[]> {
    const found = await this.#contacts.findRooms(userIds, LIMITS.membersWithPresence);
    const rooms = Map.groupBy(found, ({ userId }) => userId);
    return userIds.map((userId) => ({ userId, roomIds: (rooms.get(userId) ?? []).map(({ roomId }) => roomId) }));
  }

  noteSeen(users: readonly { userId: UserId; at: number }[]): Promise<void> {
    return this.#contacts.noteSeen(users);
  }
}
