import { Inject, Injectable } from '@nestjs/common';
import { LIMITS, type RoomId, type UserId } from '@parley/protocol';
import { CONTACT_REPOSITORY, type Contact, type ContactRepository } from './contact.repository.ts';

/** Who sees whom come and go, and when people were last seen. */
@Injectable()
export class ContactService {
  readonly #contacts: ContactRepository;

  constructor(@Inject(CONTACT_REPOSITORY) contacts: ContactRepository) {
    this.#contacts = contacts;
  }

  find(userId: UserId, userIds: readonly UserId[]): Promise<readonly Contact[]> {
    return this.#contacts.find(userId, userIds);
  }

  /** In the given order; in larger rooms presence is asked for. */
  async findAudiences(userIds: readonly UserId[]): Promise<{ userId: UserId; roomIds: RoomId[] }[]> {
    const found = await this.#contacts.findRooms(userIds, LIMITS.membersWithPresence);
    const rooms = Map.groupBy(found, ({ userId }) => userId);
    return userIds.map((userId) => ({ userId, roomIds: (rooms.get(userId) ?? []).map(({ roomId }) => roomId) }));
  }

  noteSeen(people: readonly { userId: UserId; at: number }[]): Promise<void> {
    return this.#contacts.noteSeen(people);
  }
}
