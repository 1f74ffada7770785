import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ROOM_API, ROOM_API_METHODS, type RoomApi } from '@parley/contracts';
import {
  answerDuringOutages,
  CLOCK,
  LOGGER,
  SQLITE_DATABASE,
  systemClock,
  type Logger,
  type SqliteDatabase,
} from '@parley/platform';
import { ACCOUNT_REPOSITORY } from './accounts/account.repository.ts';
import { MongoAccountRepository } from './accounts/account.repository.mongo.ts';
import { SqliteAccountRepository } from './accounts/account.repository.sqlite.ts';
import { StoredUser, StoredUserSchema } from './accounts/account.schema.ts';
import { AccountService } from './accounts/account.service.ts';
import { PasswordHasher } from './accounts/password-hasher.ts';
import { CONTACT_REPOSITORY } from './contacts/contact.repository.ts';
import { MongoContactRepository } from './contacts/contact.repository.mongo.ts';
import { SqliteContactRepository } from './contacts/contact.repository.sqlite.ts';
import { ContactService } from './contacts/contact.service.ts';
import { Housekeeping } from './housekeeping.service.ts';
import { INVITATION_REPOSITORY } from './invitations/invitation.repository.ts';
import { MongoInvitationRepository } from './invitations/invitation.repository.mongo.ts';
import { SqliteInvitationRepository } from './invitations/invitation.repository.sqlite.ts';
import { StoredInvitation, StoredInvitationSchema } from './invitations/invitation.schema.ts';
import { InvitationService } from './invitations/invitation.service.ts';
import { ANNOUNCEMENT_REPOSITORY } from './memberships/announcement.repository.ts';
import { MongoAnnouncementRepository } from './memberships/announcement.repository.mongo.ts';
import { SqliteAnnouncementRepository } from './memberships/announcement.repository.sqlite.ts';
import { StoredAnnouncement, StoredAnnouncementSchema } from './memberships/announcement.schema.ts';
import { MembershipAnnouncer } from './memberships/membership-announcer.service.ts';
import { MEMBERSHIP_REPOSITORY } from './memberships/membership.repository.ts';
import { MongoMembershipRepository } from './memberships/membership.repository.mongo.ts';
import { SqliteMembershipRepository } from './memberships/membership.repository.sqlite.ts';
import { StoredMembership, StoredMembershipSchema } from './memberships/membership.schema.ts';
import { MembershipService } from './memberships/membership.service.ts';
import { UnreadMentions } from './memberships/unread-mentions.service.ts';
import { ReadPositionBroadcaster } from './reading/read-position-broadcaster.service.ts';
import { READ_POSITION_REPOSITORY } from './reading/read-position.repository.ts';
import { MongoReadPositionRepository } from './reading/read-position.repository.mongo.ts';
import { SqliteReadPositionRepository } from './reading/read-position.repository.sqlite.ts';
import { ReadPositionService } from './reading/read-position.service.ts';
import { RoomApiService } from './room-api.service.ts';
import { ROOM_REPOSITORY } from './rooms/room.repository.ts';
import { MongoRoomRepository } from './rooms/room.repository.mongo.ts';
import { SqliteRoomRepository } from './rooms/room.repository.sqlite.ts';
import { StoredRoom, StoredRoomSchema } from './rooms/room.schema.ts';
import { RoomService } from './rooms/room.service.ts';
import { SESSION_REPOSITORY } from './sessions/session.repository.ts';
import { MongoSessionRepository } from './sessions/session.repository.mongo.ts';
import { SqliteSessionRepository } from './sessions/session.repository.sqlite.ts';
import { StoredSession, StoredSessionSchema } from './sessions/session.schema.ts';
import { SessionService } from './sessions/session.service.ts';
import { UserBroadcaster } from './user-broadcaster.service.ts';

const services: Provider[] = [
  AccountService,
  SessionService,
  RoomService,
  MembershipService,
  MembershipAnnouncer,
  UnreadMentions,
  InvitationService,
  ReadPositionService,
  ContactService,
  ReadPositionBroadcaster,
  UserBroadcaster,
  Housekeeping,
  RoomApiService,
  { provide: PasswordHasher, useFactory: () => new PasswordHasher() },
  { provide: CLOCK, useValue: systemClock },
];

/** Provides ROOM_API. BUS, MESSAGE_API and LOGGER come from a global module of the application. */
@Module({})
export class RoomModule {
  /** Uses the application's root mongoose connection, opened with mongoConnectionOptions(). */
  static forMongo(): DynamicModule {
    return {
      module: RoomModule,
      imports: [
        MongooseModule.forFeature([
          { name: StoredUser.name, schema: StoredUserSchema },
          { name: StoredSession.name, schema: StoredSessionSchema },
          { name: StoredRoom.name, schema: StoredRoomSchema },
          { name: StoredMembership.name, schema: StoredMembershipSchema },
          { name: StoredAnnouncement.name, schema: StoredAnnouncementSchema },
          { name: StoredInvitation.name, schema: StoredInvitationSchema },
        ]),
      ],
      providers: [
        { provide: ACCOUNT_REPOSITORY, useClass: MongoAccountRepository },
        { provide: SESSION_REPOSITORY, useClass: MongoSessionRepository },
        { provide: ROOM_REPOSITORY, useClass: MongoRoomRepository },
        { provide: MEMBERSHIP_REPOSITORY, useClass: MongoMembershipRepository },
        { provide: ANNOUNCEMENT_REPOSITORY, useClass: MongoAnnouncementRepository },
        { provide: INVITATION_REPOSITORY, useClass: MongoInvitationRepository },
        { provide: READ_POSITION_REPOSITORY, useClass: MongoReadPositionRepository },
        { provide: CONTACT_REPOSITORY, useClass: MongoContactRepository },
        ...services,
        {
          provide: ROOM_API,
          inject: [RoomApiService, LOGGER],
          useFactory: (api: RoomApiService, logger: Logger): RoomApi =>
            answerDuringOutages<RoomApi>(api, ROOM_API_METHODS, logger),
        },
      ],
      exports: [ROOM_API],
    };
  }

  /** Uses the SQLite database that the application opens, migrates and closes. */
  static forSqlite({ database }: { database: SqliteDatabase }): DynamicModule {
    return {
      module: RoomModule,
      providers: [
        { provide: SQLITE_DATABASE, useValue: database },
        { provide: ACCOUNT_REPOSITORY, useClass: SqliteAccountRepository },
        { provide: SESSION_REPOSITORY, useClass: SqliteSessionRepository },
        { provide: ROOM_REPOSITORY, useClass: SqliteRoomRepository },
        { provide: MEMBERSHIP_REPOSITORY, useClass: SqliteMembershipRepository },
        { provide: ANNOUNCEMENT_REPOSITORY, useClass: SqliteAnnouncementRepository },
        { provide: INVITATION_REPOSITORY, useClass: SqliteInvitationRepository },
        { provide: READ_POSITION_REPOSITORY, useClass: SqliteReadPositionRepository },
        { provide: CONTACT_REPOSITORY, useClass: SqliteContactRepository },
        ...services,
        { provide: ROOM_API, useExisting: RoomApiService },
      ],
      exports: [ROOM_API],
    };
  }
}
