import { setTimeout as elapse } from 'node:timers/promises';
import type { RoomEvent, RoomId, User, UserId } from '@parley/protocol';
import { signUp, type SignedIn } from '@parley/testing';
import { newMessageId, newRoomId } from '../harness/participant.ts';
import { admit } from '../protocol/random/room-model.ts';
import { ModelClient } from '../protocol/random/model-client.ts';
import { seededRandom, shuffled, type Random } from '../protocol/random/seeded-random.ts';
import type { SilenceMeter } from './silence.ts';

export interface CrowdOptions {
  /** Of the balancer. */
  readonly url: string;
  readonly people: number;
  /** Some people have two. */
  readonly clients: number;
  readonly rooms: number;
  readonly random: Random;
  readonly silence: SilenceMeter;
}

/** In how many of the rooms each person is. */
const ROOMS_EACH = 2;
/** How many sign up at once. */
const QUEUES = 20;
const UPGRADE_PATIENCE_MS = 5_000;
/** Between two things that a client does. */
const LEAST_PAUSE_MS = 2_000;
const MOST_PAUSE_MS = 7_000;
/** One in so many of these is not talking, but making rooms, adding people and leaving. */
const ERRANDS = 20;
/** One in so many clients drops its connection. */
const DROPPING = 3;

/** Many people who talk in some rooms over one address, each of them an honest client. */
export class Crowd {
  readonly people: readonly SignedIn[];
  readonly clients: readonly ModelClient[];
  readonly founders = new Map<RoomId, ReadonlySet<UserId>>();
  readonly #random: Random;
  readonly #rooms: RoomId[] = [];
  readonly #acknowledged = new Map<ModelClient, number>();
  #talking = new AbortController();
  #underWay: Promise<unknown>[] = [];

  private constructor(people: readonly SignedIn[], clients: readonly ModelClient[], random: Random) {
    this.people = people;
    this.clients = clients;
    this.#random = random;
  }

  /** Resolves when all are connected and in their rooms. */
  static async gather({ url, random, silence, ...sizes }: CrowdOptions): Promise<Crowd> {
    const people = await signUpAll(url, sizes.people);
    const clients = Array.from({ length: sizes.clients }, (_, index) => {
      const person = people[index % people.length] as SignedIn;
      const name = `${person.user.displayName}, client ${Math.floor(index / people.length) + 1}`;
      return new ModelClient({
        ...{ name, person, urls: [url], firstUrl: 0, haste: 1, patienceMs: UPGRADE_PATIENCE_MS },
        random: seededRandom(Math.floor(random() * 2 ** 32)),
        admit(intake, events) {
          const admitted = admit(intake, events);
          if (admitted.ready.length > 0) silence.heard(name);
          return admitted;
        },
      });
    });
    const crowd = new Crowd(people, clients, random);
    for (const client of clients) client.start();
    await crowd.#takeRooms(sizes.rooms);
    return crowd;
  }

  get users(): ReadonlyMap<UserId, User> {
    return new Map(this.people.map(({ user: { userId, displayName } }) => [userId, { userId, displayName }]));
  }

  /** Messages acknowledged so far. */
  get acknowledged(): number {
    return [...this.#acknowledged.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Connections that anybody needed beyond the first. */
  get reconnects(): number {
    return this.clients.reduce((sum, { connections }) => sum + connections - 1, 0);
  }

  /** All talk and go on talking until hush. */
  talk(): void {
    this.#talking = new AbortController();
    const { signal } = this.#talking;
    this.#underWay = this.clients.map((client) => this.#talk(client, seededRandom(this.#random() * 2 ** 32), signal));
  }

  /** Resolves when everybody has been acknowledged something that is said from now on. */
  async everybodySpeaks(): Promise<void> {
    const before = new Map(this.#acknowledged);
    const hasSpoken = (client: ModelClient): boolean =>
      (this.#acknowledged.get(client) ?? 0) > (before.get(client) ?? 0);
    while (!this.clients.every(hasSpoken)) await elapse(100);
  }

  /** Resolves when everything that was said and asked is answered; in each room somebody has the last word. */
  async hush(): Promise<void> {
    this.#talking.abort();
    await Promise.all(this.#underWay.splice(0));
    await Promise.all(
      this.#rooms.flatMap((roomId) => {
        const member = this.clients.find(({ rooms }) => rooms.roomIds.includes(roomId));
        return member === undefined ? [] : [this.#say(member, roomId)];
      }),
    );
  }

  /** The network of some breaks. */
  dropSome(random: Random): void {
    for (const client of shuffled(this.clients, random).slice(0, this.clients.length / DROPPING)) client.drop();
  }

  /** Whether every client has all of these logs that it should have. */
  isUpToDate(logs: ReadonlyMap<RoomId, readonly RoomEvent[]>): boolean {
    return this.clients.every(({ rooms }) =>
      rooms.roomIds.every((roomId) => rooms.position(roomId) === (logs.get(roomId)?.length ?? 0)),
    );
  }

  async disperse(): Promise<void> {
    this.#talking.abort();
    await Promise.all(this.clients.map((client) => client.stop()));
  }

  async #takeRooms(count: number): Promise<void> {
    const seats = shuffled([...this.people, ...this.people], this.#random);
    const size = Math.ceil((this.people.length * ROOMS_EACH) / count);
    const creations = Array.from({ length: count }, async (_, index) => {
      const members = seats.slice(index * size, (index + 1) * size).map(({ user }) => user.userId);
      const creator = this.clients.find(({ userId }) => userId === members[0]) as ModelClient;
      this.#rooms.push(await this.#createRoom(creator, [...new Set(members)]));
    });
    await Promise.all(creations);
  }

  async #talk(client: ModelClient, random: Random, signal: AbortSignal): Promise<void> {
    let pause = random() * LEAST_PAUSE_MS;
    while (!signal.aborted) {
      await elapse(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await (random() * ERRANDS < 1 ? this.#runErrand(client, random) : this.#speak(client, random));
      pause = LEAST_PAUSE_MS + random() * (MOST_PAUSE_MS - LEAST_PAUSE_MS);
    }
  }

  /** One message, or several at once that must keep their order. */
  async #speak(client: ModelClient, random: Random): Promise<void> {
    const [roomId] = shuffled(client.rooms.roomIds, random);
    if (roomId === undefined) return;
    await Promise.all(Array.from({ length: random() < 0.3 ? 3 : 1 }, () => this.#say(client, roomId)));
  }

  /** Makes a room, gets somebody into it, and leaves it to them. */
  async #runErrand(client: ModelClient, random: Random): Promise<void> {
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
    await client.say(roomId, messageId, `${client.name} says ${messageId}`);
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
