import { setTimeout as elapse } from 'node:timers/promises';
import {
  LIMITS,
  PROTOCOL_VERSION,
  type Action,
  type ActionData,
  type ActionOk,
  type Answer,
  type ErrorCode,
  type Message,
  type MessageId,
  type RoomId,
  type RoomSummary,
  type ServerItem,
  type WireError,
} from '@parley/protocol';
import type { SignedIn } from '@parley/testing';
import { messagesAfter } from './message-states.ts';
import type { Acknowledged, AcknowledgedChange, Observation } from './observation.ts';
import { ReconnectingSocket, type ReconnectingSocketOptions } from './reconnecting-socket.ts';
import { Requests, type Outcome } from './requests.ts';
import { RoomStates, type Admit } from './room-states.ts';
import type { Random } from './seeded-random.ts';

/** Small, so that pages are turned. */
const EVENTS_PER_PAGE = 10;
const JOINING = 'joining';

const EXPECTED: Partial<Record<Action, readonly ErrorCode[]>> = {
  create_room: ['conflict'],
  rename_room: ['forbidden'],
  remove_member: ['forbidden', 'not_found'],
};

type RoomsPage = ActionOk<'get_user_rooms'> | ActionOk<'create_connection'>;

export interface ModelClientOptions extends Pick<ReconnectingSocketOptions, 'urls' | 'firstUrl' | 'patienceMs'> {
  readonly name: string;
  readonly person: SignedIn;
  readonly random: Random;
  /** By how much all waiting is shorter than a real client's. */
  readonly acceleration: number;
  readonly admit?: Admit;
  /** false: it never asks for what it missed. */
  readonly repairs?: boolean;
}

/** A small honest client of the wire: what docs/protocol.md asks of one, and nothing else. */
export class ModelClient {
  readonly rooms: RoomStates;
  readonly #options: ModelClientOptions;
  readonly #socket: ReconnectingSocket;
  readonly #requests = new Requests();
  readonly #said = new Set<MessageId>();
  readonly #acknowledged = new Map<number, Acknowledged>();
  readonly #changes: AcknowledgedChange[] = [];
  readonly #refusals: WireError[] = [];
  readonly #read = new Map<RoomId, number>();
  readonly #written = new Map<RoomId, number>();
  readonly #repairing = new Set<RoomId>();
  /** How often reading the list of rooms was started: earlier reads stop. */
  #reading = 0;
  /** The connection on which create_connection has been answered. */
  #joinedOn: number | undefined;

  constructor(options: ModelClientOptions) {
    this.#options = options;
    this.rooms = new RoomStates(options.person.user.userId, options.admit);
    this.#socket = new ReconnectingSocket({
      urls: options.urls,
      firstUrl: options.firstUrl,
      cookie: options.person.cookie,
      patienceMs: options.patienceMs,
      onOpen: () => this.#join(),
      onItem: (item) => this.#receive(item),
      pause: () => this.#pause(0, 2_000),
    });
  }

  get name(): string {
    return this.#options.name;
  }

  get userId() {
    return this.#options.person.user.userId;
  }

  /** How many connections it has tried to make. */
  get connections(): number {
    return this.#socket.connection;
  }

  start(): void {
    this.#socket.start();
  }

  stop(): Promise<void> {
    return this.#socket.stop();
  }

  /** The network breaks; the client comes back through the next gateway. */
  drop(): void {
    this.#socket.drop();
  }

  /** Resolves with what was answered, however many connections it took; undefined: it was refused. */
  async request<A extends Action>(action: A, data: ActionData<A>): Promise<ActionOk<A> | undefined> {
    const { answer } = await this.#ask(action, data);
    if ('ok' in answer) return answer.ok;
    this.#refused(action, answer.error);
    return undefined;
  }

  /** Saying the same again is a retry. */
  async say(roomId: RoomId, messageId: MessageId, text: string): Promise<void> {
    const again = this.#said.has(messageId);
    this.#said.add(messageId);
    const { answer, id, connection } = await this.#ask('create_message', { roomId, messageId, text });
    if ('ok' in answer) {
      this.#written.set(roomId, Math.max(this.#written.get(roomId) ?? 0, answer.ok.message.seq));
      this.#acknowledged.set(id, { message: answer.ok.message, connection: again ? undefined : connection });
    } else this.#refused('create_message', answer.error);
  }

  /** What was answered holds from then on. */
  async read(roomId: RoomId, seq: number): Promise<void> {
    const answer = await this.request('read_room', { roomId, seq });
    if (answer !== undefined) this.#read.set(roomId, Math.max(this.#read.get(roomId) ?? 0, answer.readSeq));
  }

  /** Messages that it shows of a room, its own or everybody's, in their order. */
  messagesIn(roomId: RoomId, whose: 'own' | 'all'): Message[] {
    const stay = this.rooms.stays().find(({ room, ended }) => !ended && room.roomId === roomId);
    const messages = [...messagesAfter(stay?.applied ?? []).values()];
    return messages.filter(({ userId, deletedAt }) => {
      return deletedAt === undefined && (whose === 'all' || userId === this.userId);
    });
  }

  /** Changes a message, as often as it takes. */
  async change(change: AcknowledgedChange): Promise<void> {
    const answer = await this.#askFor(change);
    // Another connection of the person may have deleted it meanwhile.
    if ('ok' in answer) this.#changes.push(change);
    else if (answer.error.code !== 'not_found') this.#refused('update_message', answer.error);
  }

  async #askFor({ roomId, messageId, ...change }: AcknowledgedChange) {
    switch (change.kind) {
      case 'update':
        return (await this.#ask('update_message', { roomId, messageId, text: change.text })).answer;
      case 'delete':
        return (await this.#ask('delete_message', { roomId, messageId })).answer;
      case 'react': {
        const { emoji, on } = change;
        return (await this.#ask('set_reaction', { roomId, messageId, emoji, on })).answer;
      }
    }
  }

  observe(): Observation {
    return {
      client: this.name,
      userId: this.userId,
      stays: this.rooms.stays(),
      acknowledged: [...this.#acknowledged].sort(([a], [b]) => a - b).map(([, acknowledged]) => acknowledged),
      changes: [...this.#changes],
      unexpected: [...this.rooms.unexpected],
      refusals: [...this.#refusals],
      read: new Map(this.#read),
    };
  }

  #join(): void {
    const data = { protocol: PROTOCOL_VERSION, userId: this.userId };
    this.#socket.send({ id: JOINING, action: 'create_connection', data });
  }

  #receive(item: ServerItem): void {
    if ('id' in item) this.#answered(item);
    else {
      switch (item.event) {
        case 'room_created':
          this.rooms.created(item.data.room);
          break;
        case 'room_removed':
          this.rooms.removed(item.data.roomId);
          break;
        case 'resync':
          if (item.data.roomIds === undefined) void this.#readRooms();
          else for (const roomId of item.data.roomIds) void this.#repair(roomId);
          break;
        case 'message_created':
        case 'message_updated':
        case 'message_deleted':
        case 'reaction_changed':
        case 'room_renamed':
        case 'member_joined':
        case 'member_left':
          this.rooms.happened(item);
          break;
        case 'room_read':
        case 'typing':
        case 'presence_changed':
        // Passing news, of which no state follows here.
      }
    }
    for (const roomId of this.rooms.roomIds) if (this.rooms.isBehind(roomId)) void this.#repairSoon(roomId);
  }

  #answered(answer: Answer): void {
    if (answer.id === JOINING) this.#joined(answer as Answer<'create_connection'>);
    else if (typeof answer.id === 'number') {
      if (this.#requests.isToRepeat(answer)) void this.#repeat(answer.id);
      else this.#requests.answered(answer.id, answer);
    }
  }

  #joined(answer: Answer<'create_connection'>): void {
    if ('error' in answer) {
      this.drop();
      return;
    }
    this.#joinedOn = this.#socket.connection;
    this.rooms.connected();
    void this.#readRooms(answer.ok);
    const commands = this.#requests.commands(this.#joinedOn);
    for (let start = 0; start < commands.length; start += LIMITS.commandsPerFrame) {
      this.#socket.send(commands.slice(start, start + LIMITS.commandsPerFrame));
    }
  }

  #ask<A extends Action>(action: A, data: ActionData<A>): Promise<Outcome<A>> {
    const { id, outcome } = this.#requests.add(action, data);
    this.#send(id);
    return outcome;
  }

  #send(id: number): void {
    const { connection } = this.#socket;
    if (this.#joinedOn === connection) this.#socket.send(this.#requests.commands(connection, id));
  }

  /**
   * A correct client can get `not_member`: it may leave a room while its request is under way. It also sends requests
   * that only owners may make without knowing whether it is one, and removes users who may already be gone.
   */
  #refused(action: Action, error: WireError): void {
    if (error.code !== 'not_member' && !EXPECTED[action]?.includes(error.code)) this.#refusals.push(error);
  }

  async #repeat(id: number): Promise<void> {
    await this.#pause(250, 1_000);
    this.#send(id);
  }

  /** `first`: a page that is there already. */
  async #readRooms(first?: RoomsPage): Promise<void> {
    const reading = (this.#reading += 1);
    this.rooms.beginList();
    let page = first ?? (await this.request('get_user_rooms', {}));
    while (page !== undefined && reading === this.#reading) {
      this.rooms.listPage(page.rooms);
      this.#readAgain(page.rooms);
      if (page.next === undefined) {
        this.rooms.endList();
        return;
      }
      page = await this.request('get_user_rooms', { after: page.next });
    }
  }

  /** A gateway that was killed may have kept to itself what writing read. */
  #readAgain(rooms: readonly RoomSummary[]): void {
    for (const { roomId, readSeq } of rooms) {
      const written = this.#written.get(roomId) ?? 0;
      if (written > readSeq) void this.read(roomId, written);
    }
  }

  async #repairSoon(roomId: RoomId): Promise<void> {
    if (this.#repairing.has(roomId) || this.#options.repairs === false) return;
    this.#repairing.add(roomId);
    await this.#pause(250, 2_000);
    this.#repairing.delete(roomId);
    if (this.rooms.isBehind(roomId)) await this.#repair(roomId);
  }

  async #repair(roomId: RoomId): Promise<void> {
    if (this.#repairing.has(roomId) || this.#options.repairs === false) return;
    this.#repairing.add(roomId);
    for (let more = true; more;) {
      const after = this.rooms.position(roomId);
      const page = await this.request('get_events', { roomId, after, limit: EVENTS_PER_PAGE });
      this.rooms.read(roomId, page?.events ?? []);
      more = page !== undefined && this.rooms.position(roomId) > after && this.rooms.position(roomId) < page.head;
    }
    this.#repairing.delete(roomId);
  }

  /** As long as a real client would wait, but hastily. */
  #pause(least: number, most: number): Promise<void> {
    const { random, acceleration } = this.#options;
    return elapse((least + random() * (most - least)) / acceleration);
  }
}
