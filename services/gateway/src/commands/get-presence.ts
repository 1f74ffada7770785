import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk, PresenceStatus, UserId } from '@parley/protocol';
import { Presence } from '../presence/presence.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class GetPresence extends Command<'get_presence'> {
  readonly action = 'get_presence';
  readonly #rooms: RoomApi;
  readonly #presence: Presence;

  constructor(@Inject(ROOM_API) rooms: RoomApi, presence: Presence) {
    super();
    this.#rooms = rooms;
    this.#presence = presence;
  }

  async handle(
    { userIds: asked }: ActionData<'get_presence'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_presence'>> {
    const userIds = [...new Set(asked)];
    const [{ contacts }, statuses] = await Promise.all([
      this.#rooms.findContacts({ userId, userIds }),
      this.#statusesOf(userIds),
    ]);
    const known = new Map(contacts.map((contact) => [contact.userId, contact]));
    return {
      presence: userIds.flatMap((id) => {
        const contact = known.get(id);
        if (contact === undefined) return [];
        const status = statuses.get(id) ?? 'offline';
        const { lastSeenAt } = contact;
        return [{ userId: id, status, ...(status === 'offline' && lastSeenAt !== null ? { lastSeenAt } : {}) }];
      }),
    };
  }

  async #statusesOf(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, PresenceStatus>> {
    try {
      return await this.#presence.find(userIds);
    } catch (cause) {
      throw new ParleyError('unavailable', 'Presence is not available at the moment. Try again.', { cause });
    }
  }
}
