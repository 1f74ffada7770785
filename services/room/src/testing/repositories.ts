import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateMongo, migrateSqlite, mongoConnectionOptions, openSqlite } from '@parley/platform';
import { sharedMongo } from '@parley/testing';
import { createConnection, type Model, type Schema } from 'mongoose';
import type { AccountRepository } from '../accounts/account.repository.ts';
import { MongoAccountRepository } from '../accounts/account.repository.mongo.ts';
import { SqliteAccountRepository } from '../accounts/account.repository.sqlite.ts';
import { StoredUser, StoredUserSchema } from '../accounts/account.schema.ts';
import type { ContactRepository } from '../contacts/contact.repository.ts';
import { MongoContactRepository } from '../contacts/contact.repository.mongo.ts';
import { SqliteContactRepository } from '../contacts/contact.repository.sqlite.ts';
import type { InvitationRepository } from '../invitations/invitation.repository.ts';
import { MongoInvitationRepository } from '../invitations/invitation.repository.mongo.ts';
import { SqliteInvitationRepository } from '../invitations/invitation.repository.sqlite.ts';
import { StoredInvitation, StoredInvitationSchema } from '../invitations/invitation.schema.ts';
import type { AnnouncementRepository } from '../memberships/announcement.repository.ts';
import { MongoAnnouncementRepository } from '../memberships/announcement.repository.mongo.ts';
import { SqliteAnnouncementRepository } from '../memberships/announcement.repository.sqlite.ts';
import { StoredAnnouncement, StoredAnnouncementSchema } from '../memberships/announcement.schema.ts';
import type { MembershipRepository } from '../memberships/membership.repository.ts';
import { MongoMembershipRepository } from '../memberships/membership.repository.mongo.ts';
import { SqliteMembershipRepository } from '../memberships/membership.repository.sqlite.ts';
import { StoredMembership, StoredMembershipSchema } from '../memberships/membership.schema.ts';
import { roomMigrations } from '../migrations.ts';
import type { ReadPositionRepository } from '../reading/read-position.repository.ts';
import { MongoReadPositionRepository } from '../reading/read-position.repository.mongo.ts';
import { SqliteReadPositionRepository } from '../reading/read-position.repository.sqlite.ts';
import type { RoomRepository } from '../rooms/room.repository.ts';
import { MongoRoomRepository } from '../rooms/room.repository.mongo.ts';
import { SqliteRoomRepository } from '../rooms/room.repository.sqlite.ts';
import { StoredRoom, StoredRoomSchema } from '../rooms/room.schema.ts';
import type { SessionRepository } from '../sessions/session.repository.ts';
import { MongoSessionRepository } from '../sessions/session.repository.mongo.ts';
import { SqliteSessionRepository } from '../sessions/session.repository.sqlite.ts';
import { StoredSession, StoredSessionSchema } from '../sessions/session.schema.ts';

/** All repositories of the service over one empty database. */
export interface Repositories {
  readonly accounts: AccountRepository;
  readonly sessions: SessionRepository;
  readonly rooms: RoomRepository;
  readonly memberships: MembershipRepository;
  readonly announcements: AnnouncementRepository;
  readonly invitations: InvitationRepository;
  readonly readPositions: ReadPositionRepository;
  readonly contacts: ContactRepository;
  /** Changes the epoch as restoring a backup does. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function sqliteRepositories(): Promise<Repositories> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-room-'));
  const database = await openSqlite(join(folder, 'parley.sqlite'));
  await migrateSqlite(database, 'room', roomMigrations.sqlite);
  return {
    accounts: new SqliteAccountRepository(database),
    sessions: new SqliteSessionRepository(database),
    rooms: new SqliteRoomRepository(database),
    memberships: new SqliteMembershipRepository(database),
    announcements: new SqliteAnnouncementRepository(database),
    invitations: new SqliteInvitationRepository(database),
    readPositions: new SqliteReadPositionRepository(database),
    contacts: new SqliteContactRepository(database),
    async restore() {
      await database.write([{ sql: 'PRAGMA user_version = 77' }]);
    },
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

export async function mongoRepositories(): Promise<Repositories> {
  const connection = await createConnection((await sharedMongo()).databaseUrl(), mongoConnectionOptions()).asPromise();
  await migrateMongo(connection, 'room', roomMigrations.mongo);
  // The types that Nest injects. Types inferred from the schemas would slow the compiler down.
  const model = <Stored>(name: string, schema: object): Model<Stored> =>
    connection.model(name, schema as Schema) as unknown as Model<Stored>;
  const users = model<StoredUser>(StoredUser.name, StoredUserSchema);
  const sessions = model<StoredSession>(StoredSession.name, StoredSessionSchema);
  const rooms = model<StoredRoom>(StoredRoom.name, StoredRoomSchema);
  const memberships = model<StoredMembership>(StoredMembership.name, StoredMembershipSchema);
  const announcements = model<StoredAnnouncement>(StoredAnnouncement.name, StoredAnnouncementSchema);
  const invitations = model<StoredInvitation>(StoredInvitation.name, StoredInvitationSchema);
  return {
    accounts: new MongoAccountRepository(users),
    sessions: new MongoSessionRepository(sessions),
    rooms: new MongoRoomRepository(rooms, memberships, users, announcements),
    memberships: new MongoMembershipRepository(memberships, announcements, rooms, users),
    announcements: new MongoAnnouncementRepository(announcements, memberships),
    invitations: new MongoInvitationRepository(invitations, rooms),
    readPositions: new MongoReadPositionRepository(memberships),
    contacts: new MongoContactRepository(memberships, rooms, users),
    async restore() {
      await rooms.collection.drop();
      await rooms.createCollection();
    },
    async close() {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
