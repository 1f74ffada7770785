import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { RedisClient } from '@parley/bus';
import { CLOCK, LOGGER, systemClock, uuidv7, type Clock, type Logger } from '@parley/platform';
import type { Registry } from 'prom-client';
import { AddMembers } from './commands/add-members.ts';
import { COMMANDS, type AnyCommand } from './commands/command.ts';
import { CreateConnection } from './commands/create-connection.ts';
import { CreateInvitation } from './commands/create-invitation.ts';
import { CreateMessage } from './commands/create-message.ts';
import { CreateRoom } from './commands/create-room.ts';
import { DeleteConnection } from './commands/delete-connection.ts';
import { DeleteInvitation } from './commands/delete-invitation.ts';
import { DeleteMessage } from './commands/delete-message.ts';
import { Dispatcher } from './commands/dispatcher.ts';
import { FindMessages } from './commands/find-messages.ts';
import { GetEvents } from './commands/get-events.ts';
import { GetInvitations } from './commands/get-invitations.ts';
import { GetMembers } from './commands/get-members.ts';
import { GetMessages } from './commands/get-messages.ts';
import { GetPresence } from './commands/get-presence.ts';
import { GetReaders } from './commands/get-readers.ts';
import { GetUserRooms } from './commands/get-user-rooms.ts';
import { JoinRoom } from './commands/join-room.ts';
import { LeaveRoom } from './commands/leave-room.ts';
import { ReadRoom } from './commands/read-room.ts';
import { RemoveMember } from './commands/remove-member.ts';
import { RenameRoom } from './commands/rename-room.ts';
import { SearchMessages } from './commands/search-messages.ts';
import { SetReaction } from './commands/set-reaction.ts';
import { SetAway } from './commands/set-away.ts';
import { SetTyping } from './commands/set-typing.ts';
import { COMMAND_RATE } from './commands/token-bucket.ts';
import { UpdateMessage } from './commands/update-message.ts';
import { ChatGateway } from './connection/chat.gateway.ts';
import { Handshake } from './connection/handshake.ts';
import { Heartbeat } from './connection/heartbeat.ts';
import { ConnectionJoiner } from './connection/connection-joiner.ts';
import { LocalUsers } from './connection/local-users.ts';
import { Reconciler } from './connection/reconciler.ts';
import { RoomSync } from './connection/room-sync.ts';
import { RoomSubscriptions } from './connection/room-subscriptions.ts';
import { GapFiller } from './fanout/gap-filler.ts';
import { MESSAGE_TARGET, MessageSender, type MessageTarget } from './fanout/message-sender.ts';
import { RoomHub } from './fanout/room-hub.ts';
import { GATEWAY_CONFIG, REDIS, type GatewayConfig } from './gateway-config.ts';
import { AccountsController } from './http/accounts.controller.ts';
import { AttachmentsController } from './http/attachments.controller.ts';
import { DiagnosisController } from './http/diagnosis.controller.ts';
import { MeController } from './http/me.controller.ts';
import { OriginGuard } from './http/origin.guard.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { RequestLimits } from './http/request-limits.ts';
import { SessionCookie } from './http/session-cookie.ts';
import { SessionsController } from './http/sessions.controller.ts';
import { UsersController } from './http/users.controller.ts';
import { createMetrics, METRICS } from './metrics.ts';
import { CONNECTION_REGISTRY, type ConnectionRegistry } from './presence/connection-registry.ts';
import { MemoryConnectionRegistry } from './presence/connection-registry.memory.ts';
import { RedisConnectionRegistry } from './presence/connection-registry.redis.ts';
import { PresenceAnnouncer } from './presence/presence-announcer.ts';
import { PresenceFanout } from './presence/presence-fanout.ts';
import { Presence } from './presence/presence.ts';
import { ReadPositions } from './reading/read-positions.ts';
import { RoomSummaries } from './rooms/room-summaries.ts';

export interface GatewayModuleOptions {
  readonly config: GatewayConfig;
  readonly registry: Registry;
  /** Holds the limits and connection records of all gateways. Unset, this is the only gateway. */
  readonly redis?: RedisClient;
  /** Unset, there is one message service. */
  readonly messageTarget?: MessageTarget;
  /** The system clock unless set. */
  readonly clock?: Clock;
}

const commands = [
  CreateConnection,
  DeleteConnection,
  GetUserRooms,
  CreateRoom,
  AddMembers,
  LeaveRoom,
  RenameRoom,
  RemoveMember,
  CreateInvitation,
  GetInvitations,
  DeleteInvitation,
  JoinRoom,
  GetMembers,
  CreateMessage,
  UpdateMessage,
  DeleteMessage,
  SetReaction,
  FindMessages,
  SearchMessages,
  GetMessages,
  GetEvents,
  ReadRoom,
  GetReaders,
  SetTyping,
  GetPresence,
  SetAway,
];

const connection = [
  ChatGateway,
  Handshake,
  Heartbeat,
  ConnectionJoiner,
  LocalUsers,
  Reconciler,
  RoomSync,
  RoomSubscriptions,
  RoomSummaries,
];
const fanout = [RoomHub, GapFiller, MessageSender, ReadPositions];
const presence = [Presence, PresenceAnnouncer, PresenceFanout];
const http = [
  RequestLimits,
  SessionCookie,
  { provide: APP_GUARD, useClass: OriginGuard },
  { provide: APP_FILTER, useClass: ProblemFilter },
];

/** The server for browsers. ROOM_API, MESSAGE_API, ATTACHMENT_API, BUS and LOGGER come from a global module of the application. */
@Module({})
export class GatewayModule {
  static forRoot(options: GatewayModuleOptions): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        AccountsController,
        SessionsController,
        MeController,
        UsersController,
        AttachmentsController,
        DiagnosisController,
      ],
      providers: [
        ...settings(options),
        ...connection,
        ...fanout,
        ...presence,
        ...http,
        ...commands,
        { provide: COMMANDS, inject: commands, useFactory: (...all: AnyCommand[]) => all },
        Dispatcher,
      ],
      exports: [ChatGateway, Handshake, GATEWAY_CONFIG],
    };
  }
}

function settings(options: GatewayModuleOptions): Provider[] {
  const { config, registry, redis, messageTarget = () => '', clock = systemClock } = options;
  const { limitCommandsPerSecond: perSecond, limitCommandsBurst: burst } = config;
  return [
    { provide: GATEWAY_CONFIG, useValue: config },
    { provide: REDIS, useValue: redis },
    { provide: CLOCK, useValue: clock },
    { provide: METRICS, useValue: createMetrics(registry) },
    { provide: COMMAND_RATE, useValue: { perSecond, burst } },
    { provide: MESSAGE_TARGET, useValue: messageTarget },
    {
      provide: CONNECTION_REGISTRY,
      inject: [LOGGER],
      useFactory: (logger: Logger): ConnectionRegistry => {
        const gatewayId = uuidv7();
        return redis === undefined
          ? new MemoryConnectionRegistry(gatewayId)
          : new RedisConnectionRegistry({ redis, gatewayId, clock, logger });
      },
    },
  ];
}
