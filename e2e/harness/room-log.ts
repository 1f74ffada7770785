import type { Message, RoomId } from '@parley/protocol';
import { ProtocolClient } from '@parley/testing';
import type { Person } from './browser.ts';
import { webSocketUrl } from './test-user.ts';

/**
 * The newest hundred messages of the room that the person has open, as the server has stored them: asked for over a
 * connection of its own with the person's cookie.
 * @param origin where to ask, when the person's own way to the server is broken
 */
export async function logOf(person: Person, origin = new URL(person.page.url()).origin): Promise<readonly Message[]> {
  const client = await connectAs(person, origin);
  const { messages } = await client.command('get_messages', { roomId: openRoomOf(person), limit: 100 });
  await client.close();
  return messages;
}

/** The room that the person has open. */
export const openRoomOf = ({ page }: Person): RoomId => new URL(page.url()).pathname.split('/').at(-1) as RoomId;

/** Another connection of the person, beside their browser's. */
export async function connectAs(
  { page, context }: Person,
  origin = new URL(page.url()).origin,
): Promise<ProtocolClient> {
  const cookies = await context.cookies(origin);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const client = await ProtocolClient.connect(webSocketUrl(origin), { cookie, origin });
  await client.command('create_connection', { protocol: 1 });
  return client;
}
