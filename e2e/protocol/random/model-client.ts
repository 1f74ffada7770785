import { setTimeout as elapse } from 'node:timers/promises';
import {
  LIMITS,
  PROTOCOL_VERSION,
  WEBSOCKET_PATH,
  type Action,
  type ActionData,
  type ActionOk,
  type Answer,
  type Command,
  type MessageId,
  type RoomId,
  type ServerItem,
  type WireError,
} from '@parley/protocol';
import { ProtocolClient, type SignedIn } from '@parley/testing';
import type { Acknowledged, Observation } from './observation.ts';
import { Requests, type Outcome } from './requests.ts';
import { RoomStates, type Admit } from './room-states.ts';
import type { Random } from './seeded-random.ts';

/** What an honest client may be told, since rooms are left while it asks. */
const EXPECTED_ERROR: WireError['code'] = 'not_member';
/** Small, so that pages are turned. */
const EVENTS_PER_PAGE = 10;
const JOINING = 'joining';

type RoomsPage = ActionOk<'get_user_rooms'> | ActionOk<'create_connection'>;

export interface ModelClientOptions {
  readonly name: string;
  readonly person: SignedIn;
  /** Of the gateways; each connection goes to the next. */
  readonly urls: readonly string[];
  /** The index of the first. */
  readonly firstUrl: number;
  readonly random: Random;
  /** By how much all waiting is shorter than a real client's. */
  readonly haste: number;
  readonly admit?: Admit;
  /** false: it never asks for what it missed. */
  readonly repairs?: boolean;
}

/** A small honest client of the wire: what docs/protocol.md asks of one, and nothing else. */
export class ModelClient {
  readonly rooms: RoomStates;
  readonly #options: ModelClientOptions;
  readonly #requests = new Requests();
  readonly #said = new Set<MessageId>();
  readonly #acknowledged = new Map<number, Acknowledged>();
  readonly #refusals: WireError[] = [];
  readonly #repairing = new Set<RoomId>();
  #connection = 0;
  /** How often the list of rooms has been begun: whoever reads an earlier one gives up. */
  #reading = 0;
  #socket: ProtocolClient | undefined;
  #isJoined = false;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: ModelClientOptions) {
    this.#options = options;
    this.rooms = new RoomStates(options.person.user.userId, options.admit);
  }

  get name(): string {
    return this.#options.name;
  }

  get userId() {
    return this.#options.person.user.userId;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#socket?.terminate();
    await this.#running;
  }

  /** The network breaks; the client comes back through the next gateway. */
  drop(): void {
    this.#socket?.terminate();
  }

  /** Resolves with what was answered, however many connections it took; undefined: it was refused. */
  async request<A extends Action>(action: A, data: ActionData<A>): Promise<ActionOk<A> | undefined> {
    const { answer } = await this.#ask(action, data);
    if ('ok' in answer) return answer.ok;
    if (answer.error.code !== EXPECTED_ERROR) this.#refusals.push(answer.error);
    return undefined;
  }

  /** Saying the same again is a retry. */
  async say(roomId: RoomId, messageId: MessageId, text: string): Promise<void> {
    const again = this.#said.has(messageId);
    this.#said.add(messageId);
    const { answer, id, connection } = await this.#ask('create_message', { roomId, messageId, text });
    if ('ok' in answer) {
      this.#acknowledged.set(id, { message: answer.ok.message, connection: again ? undefined : connection });
    } else if (answer.error.code !== EXPECTED_ERROR) this.#refusals.push(answer.error);
  }

  observe(): Observation {
    return {
      client: this.name,
      userId: this.userId,
      stays: this.rooms.stays(),
      acknowledged: [...this.#acknowledged].sort(([a], [b]) => a - b).map(([, acknowledged]) => acknowledged),
      unexpected: [...this.rooms.unexpected],
      refusals: [...this.#refusals],
    };
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.#connect().catch(() => undefined);
      this.#isJoined = false;
      await this.#pause(0, 2_000);
    }
  }

  /** Resolves when the connection is over. */
  async #connect(): Promise<void> {
    const { urls, firstUrl, person } = this.#options;
    const url = urls[(firstUrl + this.#connection) % urls.length] ?? '';
    this.#connection += 1;
    const socket = await ProtocolClient.connect(url.replace(/^http/, 'ws') + WEBSOCKET_PATH, {
      cookie: person.cookie,
      onItem: (item) => this.#receive(item),
    });
    this.#socket = socket;
    if (this.#isStopped) socket.terminate();
    const joining: Command<'create_connection'> = {
      id: JOINING,
      action: 'create_connection',
      data: { protocol: PROTOCOL_VERSION, userId: this.userId },
    };
    socket.send(JSON.stringify(joining));
    await socket.closed;
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
        case 'member_joined':
        case 'member_left':
          this.rooms.happened(item);
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
    this.#isJoined = true;
    this.rooms.connected();
    void this.#readRooms(answer.ok);
    const commands = this.#requests.commands(this.#connection);
    for (let start = 0; start < commands.length; start += LIMITS.commandsPerFrame) {
      this.#socket?.send(JSON.stringify(commands.slice(start, start + LIMITS.commandsPerFrame)));
    }
  }

  #ask<A extends Action>(action: A, data: ActionData<A>): Promise<Outcome<A>> {
    const { id, outcome } = this.#requests.add(action, data);
    this.#send(id);
    return outcome;
  }

  #send(id: number): void {
    if (this.#isJoined) this.#socket?.send(JSON.stringify(this.#requests.commands(this.#connection, id)));
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
      if (page.next === undefined) {
        this.rooms.endList();
        return;
      }
      page = await this.request('get_user_rooms', { after: page.next });
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
    const { random, haste } = this.#options;
    return elapse((least + random() * (most - least)) / haste);
  }
}
