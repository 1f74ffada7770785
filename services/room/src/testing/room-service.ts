import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Test } from '@nestjs/testing';
import { BUS, MemoryBus } from '@parley/bus';
import {
  decodeUserBroadcast,
  MESSAGE_API,
  ROOM_API,
  userChannel,
  type RoomApi,
  type UserBroadcast,
} from '@parley/contracts';
import { CLOCK, createLogger, LOGGER, migrateSqlite, mongoConnectionOptions, openSqlite } from '@parley/platform';
import type { OwnUser, UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { vi, type Mock } from 'vitest';
import { PasswordHasher } from '../accounts/password-hasher.ts';
import { MembershipAnnouncer } from '../memberships/membership-announcer.service.ts';
import { roomMigrations } from '../migrations.ts';
import { RoomModule } from '../room.module.ts';
import { FakeMessageApi } from './fake-message-api.ts';
import { newRoomId } from './samples.ts';

class TestRoot {}

/** A room service with a fake message service, clock and password hashes. */
export class RoomServiceUnderTest {
  readonly messages: FakeMessageApi;
  readonly bus = new MemoryBus();
  /** Compares a password with a fake hash. */
  readonly verify: Mock<(hash: string | Uint8Array, password: string | Uint8Array) => Promise<boolean>>;
  readonly clock = new FakeClock(1_000_000);
  api!: RoomApi;
  announcer!: MembershipAnnouncer;
  readonly #closes: (() => Promise<void>)[] = [];
  #userCount = 0;

  private constructor(messages = new FakeMessageApi()) {
    this.messages = messages;
    this.verify = vi.fn((hash, password) => Promise.resolve(hash === `hash of ${String(password)}`));
  }

  /** Uses a new SQLite file. */
  static async start(): Promise<RoomServiceUnderTest> {
    const service = new RoomServiceUnderTest();
    const folder = await mkdtemp(join(tmpdir(), 'parley-room-'));
    const database = await openSqlite(join(folder, 'parley.sqlite'));
    await migrateSqlite(database, 'room', roomMigrations.sqlite);
    service.#closes.push(
      () => database.close(),
      () => rm(folder, { recursive: true }),
    );
    await service.#startModule([RoomModule.forSqlite({ database })]);
    return service;
  }

  /** Uses a migrated MongoDB. Several services over one database are replicas of a cluster. */
  static async startReplica(mongoUrl: string, messages: FakeMessageApi): Promise<RoomServiceUnderTest> {
    const service = new RoomServiceUnderTest(messages);
    await service.#startModule([MongooseModule.forRoot(mongoUrl, mongoConnectionOptions()), RoomModule.forMongo()]);
    return service;
  }

  async #startModule(imports: DynamicModule[]): Promise<void> {
    const externalProviders: DynamicModule = {
      module: TestRoot,
      global: true,
      providers: [
        { provide: BUS, useValue: this.bus },
        { provide: MESSAGE_API, useValue: this.messages },
        { provide: LOGGER, useValue: createLogger('test', 'silent') },
      ],
      exports: [BUS, MESSAGE_API, LOGGER],
    };
    const hash = (password: string | Uint8Array): Promise<string> => Promise.resolve(`hash of ${String(password)}`);
    const module = await Test.createTestingModule({ imports: [externalProviders, ...imports] })
      .overrideProvider(CLOCK)
      .useValue(this.clock)
      .overrideProvider(PasswordHasher)
      .useValue(new PasswordHasher({ hash, verify: this.verify }))
      .compile();
    await module.init();
    this.api = module.get<RoomApi>(ROOM_API, { strict: false });
    this.announcer = module.get(MembershipAnnouncer, { strict: false });
    this.#closes.unshift(() => module.close());
  }

  get now(): number {
    return this.clock.now();
  }

  /** Sets the time without running timers. */
  set now(now: number) {
    this.clock.setNow(now);
  }

  async signUp(displayName?: string): Promise<OwnUser> {
    this.#userCount += 1;
    const name = displayName ?? `User ${this.#userCount}`;
    const email = `user${this.#userCount}@example.org`;
    const { user } = await this.api.createAccount({ email, password: 'correct horse', displayName: name });
    return user;
  }

  /** Creates a room with these members. */
  async createRoom(creator: OwnUser, ...others: readonly OwnUser[]): ReturnType<RoomApi['createRoom']> {
    const memberIds = others.map(({ userId }) => userId);
    return this.api.createRoom({ userId: creator.userId, roomId: newRoomId(), name: null, memberIds });
  }

  /** Broadcasts to this user's channel from now on. */
  collectUserBroadcasts(userId: UserId): readonly UserBroadcast[] {
    const received: UserBroadcast[] = [];
    this.bus.subscribe(userChannel(userId), (payload) => received.push(decodeUserBroadcast(payload)));
    return received;
  }

  async close(): Promise<void> {
    for (const close of this.#closes) await close();
  }
}
