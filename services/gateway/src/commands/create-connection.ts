import { Inject, Injectable } from '@nestjs/common';
import { ParleyError } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import {
  HEARTBEAT_MS,
  LIMITS,
  PROTOCOL_VERSION,
  type ActionData,
  type ActionOk,
  type ConnectionLimits,
} from '@parley/protocol';
import { ConnectionJoiner } from '../connection/connection-joiner.ts';
import { Command, type CommandContext } from './command.ts';
import { COMMAND_RATE, type BucketRate } from './token-bucket.ts';

@Injectable()
export class CreateConnection extends Command<'create_connection'> {
  readonly action = 'create_connection';
  readonly #joiner: ConnectionJoiner;
  readonly #limits: ConnectionLimits;
  readonly #logger: Logger;

  constructor(joiner: ConnectionJoiner, @Inject(COMMAND_RATE) rate: BucketRate, @Inject(LOGGER) logger: Logger) {
    super();
    this.#joiner = joiner;
    this.#limits = connectionLimits(rate);
    this.#logger = logger;
  }

  async handle(
    { protocol, userId, client }: ActionData<'create_connection'>,
    { connection, afterAnswer }: CommandContext,
  ): Promise<ActionOk<'create_connection'>> {
    const { connectionId, session } = connection;
    if (protocol !== PROTOCOL_VERSION) {
      connection.close('protocolNotSupported');
      throw new ParleyError('invalid', `This server speaks version ${PROTOCOL_VERSION} of the protocol.`);
    }
    if (userId !== undefined && userId !== session.user.userId) {
      throw new ParleyError('conflict', 'Another user is signed in. Reload the page.');
    }
    const { rooms, next, roomsVersion, epoch, complete } = await this.#joiner.join(connection);
    afterAnswer(complete);
    this.#logger.debug({ connectionId, userId: session.user.userId, client }, 'A connection joined.');
    return {
      connectionId,
      user: session.user,
      heartbeatMs: HEARTBEAT_MS,
      limits: this.#limits,
      roomsVersion,
      rooms,
      ...(next === undefined ? {} : { next }),
      ...(epoch === undefined ? {} : { epoch }),
    };
  }
}

function connectionLimits({ perSecond, burst }: BucketRate): ConnectionLimits {
  const { frameBytes, textLength, roomNameLength, membersPerCreateRoom } = LIMITS;
  const { attachmentsPerMessage, attachmentBytes } = LIMITS;
  return {
    frameBytes,
    textLength,
    roomNameLength,
    membersPerCreateRoom,
    attachmentsPerMessage,
    attachmentBytes,
    commandsPerSecond: perSecond,
    commandsBurst: burst,
  };
}
