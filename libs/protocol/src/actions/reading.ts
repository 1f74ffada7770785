import type { RoomId } from '../ids.ts';
import type { User } from '../model.ts';
import { IsId, IsSeq } from '../rules.ts';
import { action, type Nothing } from './action.ts';

class ReadRoom {
  @IsId()
  readonly roomId!: RoomId;

  /** the last entry that the user has read */
  @IsSeq()
  readonly seq!: number;
}

class GetReaders {
  @IsId()
  readonly roomId!: RoomId;

  @IsSeq(1)
  readonly seq!: number;
}

class SetTyping {
  @IsId()
  readonly roomId!: RoomId;
}

export const readingActions = {
  /** never moves back, and never past the head */
  read_room: action<ReadRoom, { readonly readSeq: number; readonly readCount: number; readonly mentionCount?: number }>(
    ReadRoom,
  ),
  /** members who have read up to the seq, without the author of that entry */
  get_readers: action<
    GetReaders,
    {
      readonly count: number;
      /** the first 50 */
      readonly users: readonly User[];
    }
  >(GetReaders),
  /** while the user types, at most every 3 s */
  set_typing: action<SetTyping, Nothing>(SetTyping),
};
