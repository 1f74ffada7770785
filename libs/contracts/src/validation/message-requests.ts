import { LIMITS, type AttachmentId, type MessageId, type RoomId, type UserId } from '@parley/protocol';
import {
  IsCursor,
  IsId,
  IsIdList,
  IsOptionalField,
  IsPageLimit,
  IsSeq,
  IsWellFormed,
} from '@parley/protocol/validation';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInstance,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import type { AttachmentApi, AttachmentVariant, ByteRange } from '../attachment-api.ts';
import { MAX_PER_CALL } from '../limits.ts';
import type { MessageApi, NewMessage } from '../message-api.ts';
import {
  IsBlankOnlyWithAttachments,
  IsCallIdList,
  IsListOf,
  IsNested,
  IsNullable,
  MAX_ENTRY_ID_LENGTH,
} from './rules.ts';

/** One message of appendMessages: a bad one is refused alone. */
export class NewMessageInput implements NewMessage {
  @IsId()
  readonly userId!: UserId;

  @IsId()
  readonly messageId!: MessageId;

  @ArrayUnique()
  @IsIdList(LIMITS.attachmentsPerMessage)
  readonly attachmentIds!: readonly AttachmentId[];

  @IsBlankOnlyWithAttachments()
  @IsWellFormed()
  @MaxLength(LIMITS.textLength)
  readonly text!: string;

  @IsOptionalField()
  @IsId()
  readonly replyTo?: MessageId;

  @IsOptionalField()
  @IsIdList(LIMITS.mentionsPerMessage)
  readonly mentions?: readonly UserId[];
}

class MessageBatch {
  @IsId()
  readonly roomId!: RoomId;

  @ArrayMaxSize(MAX_PER_CALL)
  @IsArray()
  readonly messages!: readonly NewMessage[];
}

class AppendMessages {
  @IsListOf(MessageBatch)
  readonly batches!: readonly MessageBatch[];
}

class RoomChange {
  @MaxLength(MAX_ENTRY_ID_LENGTH)
  @MinLength(1)
  readonly entryId!: string;

  @Matches(/^[a-z0-9_]{1,64}$/, { message: '$property must be the name of an event' })
  readonly event!: never;

  @IsId()
  readonly userId!: UserId;

  /** Its rules depend on the event. A room service of 0.1.0 sends none. */
  readonly data!: never;
}

class AppendMemberships {
  @IsId()
  readonly roomId!: RoomId;

  @IsListOf(RoomChange)
  readonly entries!: readonly RoomChange[];
}

/** The `data` of a member_left. */
export class MemberLeftInput {
  @IsOptionalField()
  @IsId()
  readonly removedBy?: UserId;

  @IsOptionalField()
  @IsId()
  readonly newOwnerId?: UserId;
}

/** The `data` of a room_renamed. */
export class RoomRenamedInput {
  @IsNullable()
  @MaxLength(LIMITS.roomNameLength)
  @MinLength(1)
  readonly name!: string | null;
}

class UserAndRoom {
  @IsId()
  readonly userId!: UserId;

  @IsId()
  readonly roomId!: RoomId;
}

class DeleteMessage extends UserAndRoom {
  @IsId()
  readonly messageId!: MessageId;
}

class UpdateMessage extends DeleteMessage {
  /** Whether it may be empty depends on the message. */
  @IsWellFormed()
  @MaxLength(LIMITS.textLength)
  readonly text!: string;

  @IsOptionalField()
  @IsIdList(LIMITS.mentionsPerMessage)
  readonly mentions?: readonly UserId[];
}

class SetReaction extends DeleteMessage {
  /** The message service checks that it is an emoji. */
  @MaxLength(LIMITS.emojiLength)
  readonly emoji!: string;

  @IsBoolean()
  readonly on!: boolean;
}

class GetMessages extends UserAndRoom {
  @IsOptionalField()
  @IsSeq()
  readonly before?: number;

  @IsOptionalField()
  @IsSeq()
  readonly after?: number;

  @IsOptionalField()
  @IsSeq()
  readonly around?: number;

  @IsPageLimit(LIMITS.messagesPerPage)
  readonly limit!: number;
}

class FindMessages extends UserAndRoom {
  @IsIdList(LIMITS.messagesPerFind)
  readonly messageIds!: readonly MessageId[];
}

class GetMissedEvents {
  @IsId()
  readonly roomId!: RoomId;

  @IsSeq()
  readonly after!: number;

  @IsPageLimit(LIMITS.eventsPerPage)
  readonly limit!: number;
}

class GetEvents extends GetMissedEvents {
  @IsId()
  readonly userId!: UserId;
}

class GetHeads {
  @IsCallIdList()
  readonly roomIds!: readonly RoomId[];
}

class LogPosition {
  @IsId()
  readonly roomId!: RoomId;

  @IsSeq()
  readonly seq!: number;
}

class GetPlaces {
  @IsListOf(LogPosition)
  readonly positions!: readonly LogPosition[];
}

class MessagePosition {
  @IsId()
  readonly roomId!: RoomId;

  @IsSeq()
  readonly messageSeq!: number;
}

class GetLastMessages {
  @IsListOf(MessagePosition)
  readonly positions!: readonly MessagePosition[];
}

class SearchMessages {
  @IsId()
  readonly userId!: UserId;

  @MaxLength(LIMITS.searchQueryLength)
  @MinLength(1)
  readonly query!: string;

  @IsOptionalField()
  @IsId()
  readonly roomId?: RoomId;

  @IsOptionalField()
  @IsId()
  readonly author?: UserId;

  @IsPageLimit(LIMITS.messagesPerSearch)
  readonly limit!: number;

  @IsOptionalField()
  @IsCursor()
  readonly before?: string;
}

class MemberPosition extends UserAndRoom {
  @IsSeq()
  readonly seq!: number;
}

class MemberPositions {
  @IsListOf(MemberPosition)
  readonly positions!: readonly MemberPosition[];
}

class CreateAttachment {
  @IsId()
  readonly userId!: UserId;

  @IsInstance(Uint8Array)
  readonly content!: Uint8Array;
}

class Range implements ByteRange {
  @IsSeq()
  readonly start!: number;

  @IsSeq()
  readonly end!: number;
}

class ReadAttachment {
  @IsId()
  readonly userId!: UserId;

  @IsId()
  readonly attachmentId!: AttachmentId;

  @IsIn(['image', 'thumbnail'] satisfies AttachmentVariant[])
  readonly variant!: AttachmentVariant;

  @IsOptionalField()
  @IsNested(Range)
  readonly range?: ByteRange;
}

/** The rules of each method's request. */
export const MESSAGE_REQUESTS = {
  appendMessages: AppendMessages,
  updateMessage: UpdateMessage,
  deleteMessage: DeleteMessage,
  setReaction: SetReaction,
  appendMemberships: AppendMemberships,
  getMessages: GetMessages,
  findMessages: FindMessages,
  getEvents: GetEvents,
  getMissedEvents: GetMissedEvents,
  getHeads: GetHeads,
  getPlaces: GetPlaces,
  getLastMessages: GetLastMessages,
  searchMessages: SearchMessages,
  countMentions: MemberPositions,
  clearMentions: MemberPositions,
  createAttachment: CreateAttachment,
  readAttachment: ReadAttachment,
} satisfies {
  readonly [Method in keyof (MessageApi & AttachmentApi)]: new () => Parameters<
    (MessageApi & AttachmentApi)[Method]
  >[0];
};
