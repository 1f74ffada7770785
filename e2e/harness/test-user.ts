import { randomUUID } from 'node:crypto';
import {
  PROTOCOL_VERSION,
  WEBSOCKET_PATH,
  type ActionOk,
  type Message,
  type MessageId,
  type RoomEvent,
  type RoomId,
  type ServerItem,
} from '@parley/protocol';
import { ProtocolClient, signUp, type SignedIn } from '@parley/testing';

export const webSocketUrl = (httpUrl: string): string => httpUrl.replace(/^http/, 'ws') + WEBSOCKET_PATH;

export const newRoomId = (): RoomId => randomUUID() as RoomId;
export const newMessageId = (): MessageId => randomUUID() as MessageId;

/** A user with one connection to one gateway. */
export class TestUser {
  readonly url: string;
  readonly session: SignedIn;
  readonly client: ProtocolClient;
  readonly connected: ActionOk<'create_connection'>;

  private constructor(parts: Pick<TestUser, 'url' | 'session' | 'client' | 'connected'>) {
    this.url = parts.url;
    this.session = parts.session;
    this.client = parts.client;
    this.connected = parts.connected;
  }

  /** Creates an account and connects. */
  static async signUp(url: string, displayName: string): Promise<TestUser> {
    return TestUser.connect(url, await signUp(url, { displayName }));
  }

  static async connect(url: string, session: SignedIn): Promise<TestUser> {
    const client = await ProtocolClient.connect(webSocketUrl(url), { cookie: session.cookie });
    const connected = await client.command('create_connection', { protocol: PROTOCOL_VERSION });
    return new TestUser({ url, session, client, connected });
  }

  get userId() {
    return this.session.user.userId;
  }

  async createRoom(...members: readonly TestUser[]): Promise<RoomId> {
    const roomId = newRoomId();
    await this.client.command('create_room', { roomId, memberIds: members.map(({ userId }) => userId) });
    return roomId;
  }

  async say(roomId: RoomId, text: string, messageId = newMessageId()): Promise<Message> {
    const { message } = await this.client.command('create_message', { roomId, messageId, text });
    return message;
  }

  /** The live entries of the room's log so far, in the order of arrival. */
  entries(roomId: RoomId): RoomEvent[] {
    return this.client.items.flatMap((item) => ('seq' in item && item.roomId === roomId ? [item] : []));
  }

  /** All live events of the room so far: `event`, or `event seq` for entries of its log. */
  eventsOf(roomId: RoomId): string[] {
    return this.client.items.flatMap((item) => {
      if ('id' in item || roomOf(item) !== roomId) return [];
      return 'seq' in item ? [`${item.event} ${item.seq}`] : [item.event];
    });
  }

  /** Resolves when that entry of the room's log has arrived live. */
  async sees(roomId: RoomId, seq: number): Promise<void> {
    await this.client.waitFor((item) => 'seq' in item && item.roomId === roomId && item.seq === seq);
  }

  async receives(event: 'room_created' | 'room_removed', roomId: RoomId): Promise<void> {
    await this.client.waitFor((item) => 'event' in item && item.event === event && roomOf(item) === roomId);
  }
}

function roomOf(item: Exclude<ServerItem, { id: unknown }>): RoomId | undefined {
  if ('seq' in item) return item.roomId;
  if (item.event === 'room_created') return item.data.room.roomId;
  return item.event === 'room_removed' ? item.data.roomId : undefined;
}
