import { Injectable } from '@nestjs/common';
import type { ActionOk, RoomId } from '@parley/protocol';
import { IsId, IsSeq } from '../input.ts';
import { ReadPositions } from '../reading/read-positions.ts';
import { Command, type CommandContext } from './command.ts';

class ReadRoomInput {
  @IsId()
  readonly roomId!: RoomId;

  @IsSeq()
  readonly seq!: number;
}

@Injectable()
export class ReadRoom extends Command<'read_room', ReadRoomInput> {
  readonly action = 'read_room';
  readonly Input = ReadRoomInput;
  readonly #positions: ReadPositions;

  constructor(positions: ReadPositions) {
    super();
    this.#positions = positions;
  }

  handle({ roomId, seq }: ReadRoomInput, { connection: { userId } }: CommandContext): Promise<ActionOk<'read_room'>> {
    return this.#positions.read({ userId, roomId, seq });
  }
}
