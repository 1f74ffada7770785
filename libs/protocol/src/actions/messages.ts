import { IsBoolean, IsString, MaxLength, MinLength } from 'class-validator';
import type { AttachmentId, MessageId, RoomId, UserId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import type { EventsPage } from '../events.ts';
import type { LastMessage, Message, MessagesPage, User } from '../model.ts';
import { IsCursor, IsId, IsIdList, IsOptionalField, IsPageLimit, IsSeq, IsText, IsWellFormed } from '../rules.ts';
import { action } from './action.ts';

class CreateMessage {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly messageId!: MessageId;

  /** empty only with attachments */
  @IsText(LIMITS.textLength)
  readonly text!: string;

  @IsOptionalField()
  @IsIdList(LIMITS.attachmentsPerMessage)
  readonly attachmentIds?: readonly AttachmentId[];

  /** the message of this room that it answers */
  @IsOptionalField()
  @IsId()
  readonly replyTo?: MessageId;

  /** users to notify, if they are members */
  @IsOptionalField()
  @IsIdList(LIMITS.mentionsPerMessage)
  readonly mentions?: readonly UserId[];
}

class UpdateMessage {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly messageId!: MessageId;

  /** empty only with attachments */
  @IsText(LIMITS.textLength)
  readonly text!: string;

  @IsOptionalField()
  @IsIdList(LIMITS.mentionsPerMessage)
  readonly mentions?: readonly UserId[];
}

class DeleteMessage {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly messageId!: MessageId;
}

class SetReaction {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly messageId!: MessageId;

  // The message service checks that it is an emoji.
  @MaxLength(LIMITS.emojiLength)
  @IsString()
  readonly emoji!: string;

  @IsBoolean()
  readonly on!: boolean;
}

class FindMessages {
  @IsId()
  readonly roomId!: RoomId;

  @IsIdList(LIMITS.messagesPerFind)
  readonly messageIds!: readonly MessageId[];
}

class GetMessages {
  @IsId()
  readonly roomId!: RoomId;

  /** seq: the newest messages before it */
  @IsOptionalField()
  @IsSeq()
  readonly before?: number;

  /** seq: the oldest messages after it */
  @IsOptionalField()
  @IsSeq()
  readonly after?: number;

  /** seq: messages on both sides of it */
  @IsOptionalField()
  @IsSeq()
  readonly around?: number;

  @IsOptionalField()
  @IsPageLimit(LIMITS.messagesPerPage)
  readonly limit?: number;
}

class GetEvents {
  @IsId()
  readonly roomId!: RoomId;

  /** seq, exclusive */
  @IsSeq()
  readonly after!: number;

  @IsOptionalField()
  @IsPageLimit(LIMITS.eventsPerPage)
  readonly limit?: number;
}

class SearchMessages {
  @MaxLength(LIMITS.searchQueryLength)
  @MinLength(1)
  @IsWellFormed()
  @IsString()
  readonly query!: string;

  @IsOptionalField()
  @IsId()
  readonly roomId?: RoomId;

  /** the author */
  @IsOptionalField()
  @IsId()
  readonly userId?: UserId;

  @IsOptionalField()
  @IsPageLimit(LIMITS.messagesPerSearch)
  readonly limit?: number;

  /** the `next` of the previous page */
  @IsOptionalField()
  @IsCursor()
  readonly before?: string;
}

export const messageActions = {
  create_message: action<CreateMessage, { readonly message: Message }>(CreateMessage),
  /** author only */
  update_message: action<UpdateMessage, { readonly message: Message }>(UpdateMessage),
  /** author only; idempotent: returns the deleted message */
  delete_message: action<DeleteMessage, { readonly message: Message }>(DeleteMessage),
  /** idempotent */
  set_reaction: action<SetReaction, { readonly message: Message }>(SetReaction),
  /** in the requested order, without messages that do not exist */
  find_messages: action<FindMessages, { readonly messages: readonly Message[]; readonly users: readonly User[] }>(
    FindMessages,
  ),
  /** at most one of `before`, `after` and `around`; messages as they are now, ascending by seq */
  get_messages: action<GetMessages, MessagesPage>(GetMessages),
  /** entries of the room's log, ascending by seq */
  get_events: action<GetEvents, EventsPage>(GetEvents),
  /** in the rooms of the current user, newest first; more than 10 distinct words are `invalid` */
  search_messages: action<
    SearchMessages,
    {
      /** texts are cut around the first match */
      readonly messages: readonly LastMessage[];
      readonly users: readonly User[];
      readonly next?: string;
    }
  >(SearchMessages),
};
