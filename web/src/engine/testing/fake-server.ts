import { ERROR_CODES, type Action, type Command, type ErrorCode, type OwnUser, type User } from '@parley/protocol';
import type { ActionData, Attachment, AttachmentId, MessageId, RoomEvent, RoomId, UserId } from '@parley/protocol';
import type { Session } from '../worker/server-connection.ts';
import { Refused } from '../worker/failures.ts';
import type { OpenSocket, ServerEvent, SocketListener } from '../worker/link.ts';
import { FakeRoom } from './fake-rooms.ts';

const HEARTBEAT_MS = 25_000;

/** What happens to a command: executed and answered, not executed, or executed with a lost answer. */
export type Fate = 'answer' | 'silence' | 'cut_before' | 'cut_after' | { code: ErrorCode; retryAfterMs?: number };

type Received = { [A in Action]: { readonly action: A; readonly data: ActionData<A> } }[Action];

interface Client {
  readonly listener: SocketListener;
  connected: boolean;
}

/** A server that speaks the wire protocol for one user's browser, controlled by a test. */
export class FakeServer {
  readonly user: OwnUser;
  readonly others = new Map<UserId, User>();
  readonly rooms = new Map<RoomId, FakeRoom>();
  /** Rooms that the user has left. */
  readonly left = new Map<RoomId, FakeRoom>();
  /** Every command that reached it. */
  readonly received: Received[] = [];
  /** The epoch of the data; undefined: a server of a release without epochs. */
  epoch: string | undefined = 'first';
  readonly #clients = new Set<Client>();
  /** The number of sockets that were ever opened. */
  opened = 0;
  isUp = true;
  /** The users who are online. */
  readonly online = new Set<UserId>();
  /** Stored attachments. */
  readonly attachments = new Map<AttachmentId, Attachment>();
  uploads = 0;
  /** Decides about each upload. */
  uploadFate: () => 'store' | { code: ErrorCode; retryAfterMs?: number } = () => 'store';
  session: Session;
  roomsPerPage = 100;
  /** Decides about each command; a test replaces it. */
  fate: (command: Received) => Fate = () => 'answer';
  /** Loses, repeats or delays events. */
  tamper: (events: readonly ServerEvent[]) => readonly ServerEvent[] = (events) => events;

  constructor(user: OwnUser) {
    this.user = user;
    this.session = { kind: 'user', userId: user.userId };
  }

  get sockets(): number {
    return this.#clients.size;
  }

  readonly openSocket: OpenSocket = (listener) => {
    const client: Client = { listener, connected: false };
    let isGivenUp = false;
    this.opened += 1;
    queueMicrotask(() => {
      if (isGivenUp) return;
      if (!this.isUp || this.session.kind === 'none') return listener.closed(1006);
      this.#clients.add(client);
      listener.opened();
    });
    return {
      send: (text) => queueMicrotask(() => this.#clients.has(client) && this.#take(client, text)),
      close: () => {
        isGivenUp = true;
        this.#clients.delete(client);
      },
    };
  };

  async upload(image: Blob): Promise<Attachment> {
    const number = (this.uploads += 1);
    const fate = this.isUp ? this.uploadFate() : { code: 'unavailable' as const };
    await Promise.resolve();
    if (typeof fate === 'object') throw new Refused({ message: fate.code, ...ERROR_CODES[fate.code], ...fate });
    const attachmentId = `attachment-${String(number).padStart(6, '0')}` as AttachmentId;
    const attachment = { attachmentId, contentType: image.type, size: image.size, width: 4, height: 3 };
    this.attachments.set(attachmentId, attachment);
    return attachment;
  }

  /** Closes every socket from the server's side. */
  cut(code = 1006): void {
    for (const client of this.#clients) {
      this.#clients.delete(client);
      client.listener.closed(code);
    }
  }

  heartbeat(): void {
    this.#broadcast([]);
  }

  addRoom(name: string, ...members: readonly User[]): FakeRoom {
    const roomId = `room-${name}`.padEnd(16, '-') as RoomId;
    const room = new FakeRoom(roomId, name, [this.user, ...members].map(asUser));
    this.rooms.set(roomId, room);
    return room;
  }

  /** A user writes a message; the event is sent unless it is lost. */
  write(room: FakeRoom, user: User, text: string, { lost = false } = {}): RoomEvent {
    const event = room.append(user, `${room.roomId}-${room.head}` as MessageId, text);
    if (!lost) this.send([event]);
    return event;
  }

  /** The user joins a room again that they had left. */
  comeBack(room: FakeRoom): void {
    this.left.delete(room.roomId);
    this.rooms.set(room.roomId, room);
    const joined = room.join(asUser(this.user));
    this.send([{ event: 'room_created', data: { room: room.summary(this.user.userId) } }, joined]);
  }

  send(events: readonly ServerEvent[]): void {
    this.#broadcast(this.tamper(events));
  }

  count(action: Action): number {
    return this.received.filter((command) => command.action === action).length;
  }

  #broadcast(items: readonly unknown[]): void {
    const text = JSON.stringify(items);
    for (const { connected, listener } of this.#clients) if (connected) listener.received(text);
  }

  #take(client: Client, text: string): void {
    const { id, ...received } = JSON.parse(text) as Command & Received;
    this.received.push(received);
    const fate = this.fate(received);
    const answer = (content: object): void => {
      if (this.#clients.has(client)) client.listener.received(JSON.stringify([{ id, ...content }]));
    };
    if (fate === 'cut_before') return this.cut();
    if (fate === 'silence') return;
    if (typeof fate === 'object') return answer({ error: { message: fate.code, ...ERROR_CODES[fate.code], ...fate } });
    const { ok, events } = this.#carryOut(received);
    if (received.action === 'create_connection') client.connected = !('code' in ok);
    if (fate === 'cut_after') return this.cut();
    answer('code' in ok ? { error: ok } : { ok });
    if (events.length > 0) this.send(events);
  }

  #carryOut({ action, data }: Received): { ok: object; events: readonly ServerEvent[] } {
    const read = (ok: object) => ({ ok, events: [] });
    switch (action) {
      case 'create_connection':
        if (data.userId !== undefined && data.userId !== this.user.userId) {
          return read({ code: 'conflict', message: data.userId, retryable: false });
        }
        return read({
          ...{ connectionId: 'connection', user: this.user, heartbeatMs: HEARTBEAT_MS, limits: {} },
          ...this.#roomsPage(0),
          ...(this.epoch !== undefined && { epoch: this.epoch }),
        });
      case 'get_user_rooms':
        return read(this.#roomsPage(Number(data.after ?? 0)));
      case 'create_room': {
        const members = [this.user, ...data.memberIds.flatMap((userId) => this.others.get(userId) ?? [])];
        const room = this.rooms.get(data.roomId) ?? new FakeRoom(data.roomId, data.name ?? null, members.map(asUser));
        this.rooms.set(data.roomId, room);
        const summary = room.summary(this.user.userId);
        return { ok: { room: summary }, events: [{ event: 'room_created', data: { room: summary } }] };
      }
      case 'create_message': {
        const stored = this.left
          .get(data.roomId)
          ?.messages()
          .find(({ messageId }) => messageId === data.messageId);
        if (stored) return read({ message: stored });
        return this.#inRoom(data.roomId, (room) => {
          const attachments = (data.attachmentIds ?? []).flatMap((id) => this.attachments.get(id) ?? []);
          const known = room.messages().some(({ messageId }) => messageId === data.messageId);
          if (!known && attachments.length < (data.attachmentIds?.length ?? 0)) {
            return { ok: { code: 'not_found', message: 'gone', retryable: false }, events: [] };
          }
          const { replyTo, mentions } = data;
          const more = { ...(replyTo && { replyTo }), ...(mentions && { mentions }) };
          const event = room.append(asUser(this.user), data.messageId, data.text, attachments, more);
          return { ok: { message: event.data.message }, events: [event] };
        });
      }
      case 'get_messages':
        return this.#inRoom(data.roomId, (room) => read(pageOf(room, data)));
      case 'get_events':
        return this.#inRoom(data.roomId, (room) => {
          const events = room.log.filter(({ seq }) => seq > data.after).slice(0, data.limit ?? 200);
          return read({ events, users: room.members, head: room.head });
        });
      case 'read_room':
        return this.#inRoom(data.roomId, (room) => {
          const { userId } = this.user;
          const seq = Math.max(room.read.get(userId) ?? 0, Math.min(data.seq, room.head));
          room.read.set(userId, seq);
          const { readSeq, readCount, mentionCount } = room.summary(userId);
          const position = { roomId: room.roomId, userId, seq, readCount, mentionCount: mentionCount ?? 0 };
          return { ok: { readSeq, readCount, mentionCount }, events: [{ event: 'room_read', data: position }] };
        });
      case 'get_members':
        return this.#inRoom(data.roomId, (room) => {
          const members = room.members.slice(0, data.limit ?? 50).map((member) => ({
            ...member,
            role: 'member',
            readSeq: room.summary(member.userId).readSeq,
          }));
          return read({ members });
        });
      case 'get_presence':
        return read({
          presence: data.userIds.map((userId) => ({ userId, status: this.online.has(userId) ? 'online' : 'offline' })),
        });
      case 'set_away':
      case 'set_typing':
        return read({});
      case 'update_message':
      case 'delete_message':
      case 'set_reaction':
        return this.#inRoom(data.roomId, (room) => {
          const message = room.messages().find(({ messageId }) => messageId === data.messageId);
          if (!message) return read({ code: 'not_found', message: data.messageId, retryable: false });
          const self = asUser(this.user);
          const event =
            action === 'update_message'
              ? room.edit(message, self, data.text)
              : action === 'delete_message'
                ? room.delete(message)
                : room.react(message, self, data.emoji, data.on);
          return { ok: { message }, events: [event] };
        });
      case 'find_messages':
        return this.#inRoom(data.roomId, (room) => {
          const messages = room.messages().filter(({ messageId }) => data.messageIds.includes(messageId));
          return read({ messages, users: room.members });
        });
      case 'leave_room':
        return this.#inRoom(data.roomId, (room) => {
          this.rooms.delete(room.roomId);
          this.left.set(room.roomId, room);
          const gone = { event: 'room_removed', data: { roomId: room.roomId } } as const;
          return { ok: {}, events: [room.leave(this.user.userId), gone] };
        });
      case 'add_members':
      case 'create_invitation':
      case 'delete_connection':
      case 'delete_invitation':
      case 'get_invitations':
      case 'get_readers':
      case 'join_room':
      case 'remove_member':
      case 'rename_room':
      case 'search_messages':
        return read({ code: 'unknown_action', message: action, retryable: false });
    }
  }

  #inRoom(
    roomId: RoomId,
    run: (room: FakeRoom) => { ok: object; events: readonly ServerEvent[] },
  ): { ok: object; events: readonly ServerEvent[] } {
    const room = this.rooms.get(roomId);
    return room ? run(room) : { ok: { code: 'not_member', message: roomId, retryable: false }, events: [] };
  }

  #roomsPage(from: number) {
    const rooms = [...this.rooms.values()].map((room) => room.summary(this.user.userId));
    const next = from + this.roomsPerPage;
    return {
      rooms: rooms.slice(from, next),
      roomsVersion: 1,
      ...(next < rooms.length && { next: String(next) }),
    };
  }
}

const asUser = ({ userId, displayName }: User): User => ({ userId, displayName });

/** The newest messages before a seq, the oldest after it, or those on both sides of it. */
function pageOf(room: FakeRoom, { before, after, around, limit = 50 }: ActionData<'get_messages'>) {
  const all = room.messages();
  const middle = all.findIndex(({ seq }) => seq >= (around ?? Infinity));
  const end = before === undefined ? all.length : all.filter(({ seq }) => seq < before).length;
  let from = Math.max(0, end - limit);
  if (after !== undefined) from = all.filter(({ seq }) => seq <= after).length;
  else if (around !== undefined) from = Math.max(0, middle - (limit >> 1));
  const messages = all.slice(from, Math.min(from + limit, end));
  const moreAfter = from + messages.length < all.length;
  return { messages, users: room.members, head: room.head, more: from > 0, ...(moreAfter && { moreAfter }) };
}
