import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick, setTimeout as elapse } from 'node:timers/promises';
import { SESSION_COOKIE, type MessageId, type RoomId, type UserId } from '@parley/protocol';
import type { SignedIn } from '@parley/testing';
import { newMessageId, newRoomId } from '../../harness/test-user.ts';
import { findViolations, isRepairable, type Violation } from './checker.ts';
import { ModelClient, type ModelClientOptions } from './model-client.ts';
import { seededRandom } from './seeded-random.ts';
import { CONNECTIONS, PEOPLE, type Script, type Step } from './steps.ts';
import { ACCELERATION, type System } from './system.ts';
import { fetchTruth } from './truth.ts';

const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal'] as const;
const POLL_MS = 100;

export interface RunOptions {
  /** How the clients are not honest. */
  readonly clients?: Pick<ModelClientOptions, 'admit' | 'repairs'>;
  /** How long the clients and gateways have for their repairs when everything has been done. */
  readonly patienceMs: number;
}

/** What is still wrong when the script has been played and everybody has had the time to repair. */
export async function play(system: System, { seed, steps }: Script, options: RunOptions): Promise<Violation[]> {
  const run = await Run.start(system, seed, options.clients);
  try {
    for (const step of steps) await run.perform(step);
    return await run.end(options.patienceMs);
  } finally {
    await run.stop();
  }
}

class Run {
  readonly #system: System;
  readonly #people: readonly SignedIn[];
  readonly #clients: readonly ModelClient[];
  readonly #founders = new Map<RoomId, ReadonlySet<UserId>>();
  readonly #said = new Map<ModelClient, { roomId: RoomId; messageId: MessageId; text: string }>();
  #underWay: Promise<unknown>[] = [];

  private constructor(system: System, people: readonly SignedIn[], clients: readonly ModelClient[]) {
    this.#system = system;
    this.#people = people;
    this.#clients = clients;
  }

  /** Everybody is connected, some twice, and in two rooms. */
  static async start(system: System, seed: number, options: RunOptions['clients']): Promise<Run> {
    const people = await Promise.all(NAMES.slice(0, PEOPLE).map((name) => signUp(system, name)));
    const clients = Array.from({ length: CONNECTIONS }, (_, index) => {
      const person = people[index % people.length] ?? fail();
      const name = `${person.user.displayName} ${Math.floor(index / people.length) + 1}`;
      const random = seededRandom(seed + index);
      const places = { urls: system.urls, firstUrl: index + Math.floor(index / people.length) };
      return new ModelClient({ name, person, ...places, random, acceleration: ACCELERATION, ...options });
    });
    const run = new Run(system, people, clients);
    for (const client of clients) client.start();
    const everybody = NAMES.map((_, index) => index);
    for (const client of [0, 1]) await run.perform({ does: 'createRoom', client, people: everybody });
    await run.perform({ does: 'settle' });
    return run;
  }

  async perform(step: Step): Promise<void> {
    if (step.does === 'settle') {
      await Promise.all(this.#underWay.splice(0));
      return;
    }
    this.#underWay.push(this.#begin(step));
    await nextTick();
  }

  /** Waits for the repairs until nothing is wrong any more. */
  async end(patienceMs: number): Promise<Violation[]> {
    for (const bus of this.#system.buses) bus.restore();
    await this.perform({ does: 'settle' });
    const giveUp = performance.now() + patienceMs;
    for (;;) {
      const truth = await fetchTruth({
        url: this.#system.witnessUrl,
        people: this.#people,
        founders: this.#founders,
        messages: this.#system.services.messages[0],
      });
      const violations = findViolations(
        truth,
        this.#clients.map((client) => client.observe()),
      );
      const lasting = violations.filter((violation) => !isRepairable(violation));
      if (lasting.length > 0) return lasting;
      if (violations.length === 0 || performance.now() > giveUp) return violations;
      await elapse(POLL_MS);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.stop()));
  }

  async #begin(step: Exclude<Step, { does: 'settle' }>): Promise<unknown> {
    if ('gateway' in step) {
      const bus = this.#system.buses[step.gateway];
      return step.does === 'cutBus' ? bus?.cut() : bus?.restore();
    }
    const client = this.#clients[step.client] ?? fail();
    if (step.does === 'drop') return client.drop();
    if (step.does === 'sayAgain') {
      const said = this.#said.get(client);
      return said && client.say(said.roomId, said.messageId, said.text);
    }
    if (step.does === 'createRoom') return this.#createRoom(client, step.people);
    const { roomIds } = client.rooms;
    const roomId = roomIds[step.room % roomIds.length];
    if (roomId === undefined) return;
    switch (step.does) {
      case 'say':
        return this.#say(client, roomId, step.times);
      case 'edit':
      case 'erase':
      case 'react':
        return this.#change(client, roomId, step);
      case 'addMembers':
        return client.request('add_members', { roomId, memberIds: this.#userIds(step.people) });
      case 'leave':
        return client.request('leave_room', { roomId });
      case 'rename':
        return client.request('rename_room', { roomId, name: `Name ${step.name}` });
      case 'remove':
        return this.#remove(client, roomId, this.#people[step.person]?.user.userId ?? fail());
      case 'read':
        return client.read(roomId, Math.max(0, client.rooms.position(roomId) - step.before));
      case 'type':
        return client.request('set_typing', { roomId });
      case 'invite':
        return this.#invite(client, roomId, this.#clients[step.guest] ?? fail());
    }
  }

  async #remove(client: ModelClient, roomId: RoomId, userId: UserId): Promise<void> {
    if (userId !== client.userId) await client.request('remove_member', { roomId, userId });
  }

  #say(client: ModelClient, roomId: RoomId, times: number): Promise<unknown> {
    const messages = Array.from({ length: times }, (_, index) => {
      const messageId = newMessageId();
      const text = `${client.name} says ${messageId}, ${index + 1} of ${times}`;
      this.#said.set(client, { roomId, messageId, text });
      return client.say(roomId, messageId, text);
    });
    return Promise.all(messages);
  }

  #change(client: ModelClient, roomId: RoomId, step: Extract<Step, { message: number }>): Promise<void> | undefined {
    const messages = client.messagesIn(roomId, step.does === 'react' ? 'all' : 'own');
    const messageId = messages[step.message % messages.length]?.messageId;
    if (messageId === undefined) return undefined;
    switch (step.does) {
      case 'edit':
        return client.change({ kind: 'update', roomId, messageId, text: `${client.name} corrects: ${newMessageId()}` });
      case 'erase':
        return client.change({ kind: 'delete', roomId, messageId });
      case 'react':
        return client.change({ kind: 'react', roomId, messageId, emoji: step.emoji, on: step.on });
    }
  }

  #createRoom(client: ModelClient, people: readonly number[]): Promise<unknown> {
    const roomId = newRoomId();
    const memberIds = this.#userIds(people);
    this.#founders.set(roomId, new Set([client.userId, ...memberIds]));
    return client.request('create_room', { roomId, name: `Room of ${client.name}`, memberIds });
  }

  async #invite(host: ModelClient, roomId: RoomId, guest: ModelClient): Promise<void> {
    const invitation = await host.request('create_invitation', { roomId });
    if (invitation !== undefined) await guest.request('join_room', { token: invitation.token });
  }

  #userIds(people: readonly number[]): UserId[] {
    return people.flatMap((index) => this.#people[index]?.user.userId ?? []);
  }
}

async function signUp(system: System, displayName: string): Promise<SignedIn> {
  const account = { email: `${randomUUID()}@example.org`, password: 'correct horse', displayName };
  const { user, token } = await system.services.rooms.createAccount(account);
  return { user, cookie: `${SESSION_COOKIE}=${token}` };
}

function fail(): never {
  throw new RangeError('A step names an unknown client.');
}
