import { setTimeout as elapse } from 'node:timers/promises';
import type { RoomEvent, RoomId, User, UserId } from '@parley/protocol';
import { signUp, type SignedIn } from '@parley/testing';
import { newMessageId, newRoomId } from '../harness/test-user.ts';
import { admit } from '../protocol/random/room-model.ts';
import { ModelClient } from '../protocol/random/model-client.ts';
import { seededRandom, shuffled, type Random } from '../protocol/random/seeded-random.ts';
import type { DeliveryGapMeter } from './delivery-gap.ts';

export interface SimulationOptions {
  /** The address of the balancer. */
  readonly url: string;
  readonly people: number;
  /** Some users have two. */
  readonly clients: number;
  readonly rooms: number;
  readonly random: Random;
  readonly deliveryGap: DeliveryGapMeter;
}

/** Rooms of each user. */
const ROOMS_EACH = 2;
/** Concurrent sign-ups. */
const QUEUES = 20;
const UPGRADE_TIMEOUT_MS = 5_000;
/** Between two actions of a client. */
const MIN_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 7_000;
/** One in this many actions creates a room, adds members and leaves. */
const MEMBERSHIP_CHANGES = 20;
/** One in this many clients loses its connection. */
const DROPPED = 3;

/** Many users who send messages in some rooms, through one address. */
export class Simulation {
  readonly people: readonly SignedIn[];
  readonly clients: readonly ModelClient[];
  readonly founders = new Map<RoomId, ReadonlySet<UserId>>();
  readonly #random: Random;
  readonly #rooms: RoomId[] = [];
  readonly #acknowledged = new Map<ModelClient, number>();
  #sending = new AbortController();
  #running: Promise<unknown>[] = [];

  private constructor(people: readonly SignedIn[], clients: readonly ModelClient[], random: Random) {
    this.people = people;
    this.clients = clients;
    this.#random = random;
  }

  /** Resolves when all clients are connected and in their rooms. */
  static async start({ url, random, deliveryGap, ...sizes }: SimulationOptions): Promise<Simulation> {
    const people = await signUpAll(url, sizes.people);
    const clients = Array.from({ length: sizes.clients }, (_, index) => {
      const person = people[index % people.length] as SignedIn;
      const name = `${person.user.displayName}, client ${Math.floor(index / people.length) + 1}`;
      return new ModelClient({
        ...{ name, person, urls: [url], firstUrl: 0, acceleration: 1, patienceMs: UPGRADE_TIMEOUT_MS },
        random: seededRandom(Math.floor(random() * 2 ** 32)),
        admit(intake, events) {
          const admitted = admit(intake, events);
          if (admitted.ready.length > 0) deliveryGap.delivered(name);
          return admitted;
        },
      });
    });
    const simulation = new Simulation(people, clients, random);
    for (const client of clients) client.start();
    await simulation.#createRooms(sizes.rooms);
    return simulation;
  }

  get users(): ReadonlyMap<UserId, User> {
    return new Map(this.people.map(({ user: { userId, displayName } }) => [userId, { userId, displayName }]));
  }

  /** Messages acknowledged so far. */
  get acknowledged(): number {
    return [...this.#acknowledged.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Connections of all clients beyond the first of each. */
  get reconnects(): number {
    return this.clients.reduce((sum, { connections }) => sum + connections - 1, 0);
  }

  /** All clients send messages until stopSending. */
  startSending(): void {
    this.#sending = new AbortController();
    const { signal } = this.#sending;
    this.#running = this.clients.map((client) => this.#sendOn(client, seededRandom(this.#random() * 2 ** 32), signal));
  }

  /** Resolves when each client has had a message acknowledged that it sent after this call. */
  async allClientsSend(): Promise<void> {
    const before = new Map(this.#acknowledged);
    const hasSent = (client: ModelClient): boolean => (this.#acknowledged.get(client) ?? 0) > (before.get(client) ?? 0);
    while (!this.clients.every(hasSent)) await elapse(100);
  }

  /** Resolves when all requests are answered, after one last message in each room. */
  async stopSending(): Promise<void> {
    this.#sending.abort();
    await Promise.all(this.#running.splice(0));
    await Promise.all(
      this.#rooms.flatMap((roomId) => {
        const member = this.clients.find(({ rooms }) => rooms.roomIds.includes(roomId));
        return member === undefined ? [] : [this.#say(member, roomId)];
      }),
    );
  }

  /** Breaks the connections of some clients. */
  dropConnections(random: Random): void {
    for (const client of shuffled(this.clients, random).slice(0, this.clients.length / DROPPED)) client.drop();
  }

  /** Whether every client has these logs up to their ends. */
  isUpToDate(logs: ReadonlyMap<RoomId, readonly RoomEvent[]>): boolean {
    return this.clients.every(({ rooms }) =>
      rooms.roomIds.every((roomId) => rooms.position(roomId) === (logs.get(roomId)?.length ?? 0)),
    );
  }

  async stop(): Promise<void> {
    this.#sending.abort();
    await Promise.all(this.clients.map((client) => client.stop()));
  }

  async #createRooms(count: number): Promise<void> {
    const places = shuffled([...this.people, ...this.people], this.#random);
    const size = Math.ceil((this.people.length * ROOMS_EACH) / count);
    const creations = Array.from({ length: count }, async (_, index) => {
      const members = places.slice(index * size, (index + 1) * size).map(({ user }) => user.userId);
      const creator = this.clients.find(({ userId }) => userId === members[0]) as ModelClient;
      this.#rooms.push(await this.#createRoom(creator, [...new Set(members)]));
    });
    await Promise.all(creations);
  }

  async #sendOn(client: ModelClient, random: Random, signal: AbortSignal): Promise<void> {
    let pause = random() * MIN_PAUSE_MS;
    while (!signal.aborted) {
      await elapse(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await (random() * MEMBERSHIP_CHANGES < 1
        ? this.#changeMemberships(client, random)
        : this.#sendMessages(client, random));
      pause = MIN_PAUSE_MS + random() * (MAX_PAUSE_MS - MIN_PAUSE_MS);
    }
  }

  /** Sends one message, or several at once, which must keep their order. */
  async #sendMessages(client: ModelClient, random: Random): Promise<void> {
    const [roomId] = shuffled(client.rooms.roomIds, random);
    if (roomId === undefined) return;
    await Promise.all(Array.from({ length: random() < 0.3 ? 3 : 1 }, () => this.#say(client, roomId)));
  }

  /** Creates a room, adds a member, and leaves it. */
  async #changeMemberships(client: ModelClient, random: Random): Promise<void> {
    const [first, second] = shuffled(this.people, random).map(({ user }) => user.userId);
    if (first === undefined || second === undefined) return;
    const roomId = await this.#createRoom(client, [client.userId, first]);
    await client.request('add_members', { roomId, memberIds: [second] });
    await this.#say(client, roomId);
    await client.request('leave_room', { roomId });
  }

  async #createRoom(client: ModelClient, memberIds: readonly UserId[]): Promise<RoomId> {
    const roomId = newRoomId();
    this.founders.set(roomId, new Set([client.userId, ...memberIds]));
    await client.request('create_room', { roomId, name: `Room of ${client.name}`, memberIds: [...memberIds] });
    return roomId;
  }

  async #say(client: ModelClient, roomId: RoomId): Promise<void> {
    const messageId = newMessageId();
    await client.say(roomId, messageId, `${client.name}: ${messageId}`);
    this.#acknowledged.set(client, (this.#acknowledged.get(client) ?? 0) + 1);
  }
}

async function signUpAll(url: string, count: number): Promise<SignedIn[]> {
  const people: SignedIn[] = [];
  const names = Array.from({ length: count }, (_, index) => `Person ${index + 1}`).values();
  await Promise.all(
    Array.from({ length: QUEUES }, async () => {
      for (const displayName of names) people.push(await signUp(url, { displayName }));
    }),
  );
  return people;
}
