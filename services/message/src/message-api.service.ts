import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, type AttachmentApi, type MessageApi } from '@parley/contracts';
import { MESSAGE_REQUESTS, parseInput } from '@parley/contracts/validation';
import { uuidv7 } from '@parley/platform';
import type { Message, UserId } from '@parley/protocol';
import { AppendService } from './append/append.service.ts';
import { AttachmentService } from './attachments/attachment.service.ts';
import { HistoryService } from './history/history.service.ts';
import { MENTION_REPOSITORY, type MentionRepository } from './mentions/mention.repository.ts';
import { isEmoji } from './reactions/emoji.ts';
import { OwnReactions } from './reactions/own-reactions.ts';
import { SearchService } from './search/search.service.ts';
import { parseBatches, parseRoomChanges, withDistinctMentions } from './requests.ts';

/** The message service's API for the other services. It validates each request, whether by RPC or a direct call. */
@Injectable()
export class MessageApiService implements MessageApi, AttachmentApi {
  readonly #append: AppendService;
  readonly #history: HistoryService;
  readonly #attachments: AttachmentService;
  readonly #mentions: MentionRepository;
  readonly #own: OwnReactions;
  readonly #search: SearchService;

  constructor(
    append: AppendService,
    history: HistoryService,
    attachments: AttachmentService,
    @Inject(MENTION_REPOSITORY) mentions: MentionRepository,
    own: OwnReactions,
    search: SearchService,
  ) {
    this.#append = append;
    this.#history = history;
    this.#attachments = attachments;
    this.#mentions = mentions;
    this.#own = own;
    this.#search = search;
  }

  async appendMessages(request: unknown) {
    return { results: await this.#append.appendMessages(parseBatches(request)) };
  }

  async updateMessage(request: unknown) {
    const { userId, roomId, ...data } = withDistinctMentions(parseInput(MESSAGE_REQUESTS.updateMessage, request));
    return this.#changed(userId, this.#append.changeMessage(roomId, { ...newEntry('message_updated', userId), data }));
  }

  async deleteMessage(request: unknown) {
    const { userId, roomId, ...data } = parseInput(MESSAGE_REQUESTS.deleteMessage, request);
    return this.#changed(userId, this.#append.changeMessage(roomId, { ...newEntry('message_deleted', userId), data }));
  }

  async setReaction(request: unknown) {
    const { userId, roomId, ...data } = parseInput(MESSAGE_REQUESTS.setReaction, request);
    if (!isEmoji(data.emoji)) throw new ParleyError('invalid', 'emoji must be one emoji.');
    return this.#changed(userId, this.#append.changeMessage(roomId, { ...newEntry('reaction_changed', userId), data }));
  }

  async appendMemberships(request: unknown) {
    const { roomId, entries } = parseRoomChanges(request);
    return { positions: await this.#append.appendMemberships(roomId, entries) };
  }

  async getMessages(request: unknown) {
    const page = parseInput(MESSAGE_REQUESTS.getMessages, request);
    if ([page.before, page.after, page.around].filter((seq) => seq !== undefined).length > 1) {
      throw new ParleyError('invalid', 'before, after and around exclude each other.');
    }
    return this.#history.getMessages(page);
  }

  async findMessages(request: unknown) {
    const { messageIds, ...member } = parseInput(MESSAGE_REQUESTS.findMessages, request);
    return this.#history.findMessages({ ...member, messageIds: [...new Set(messageIds)] });
  }

  async getEvents(request: unknown) {
    return this.#history.getEvents(parseInput(MESSAGE_REQUESTS.getEvents, request));
  }

  async getMissedEvents(request: unknown) {
    return this.#history.getMissedEvents(parseInput(MESSAGE_REQUESTS.getMissedEvents, request));
  }

  async getHeads(request: unknown) {
    return { heads: await this.#history.getHeads(parseInput(MESSAGE_REQUESTS.getHeads, request).roomIds) };
  }

  async getPlaces(request: unknown) {
    return { places: await this.#history.getPlaces(parseInput(MESSAGE_REQUESTS.getPlaces, request).positions) };
  }

  async getLastMessages(request: unknown) {
    return {
      messages: await this.#history.getLastMessages(parseInput(MESSAGE_REQUESTS.getLastMessages, request).positions),
    };
  }

  async searchMessages(request: unknown) {
    return this.#search.search(parseInput(MESSAGE_REQUESTS.searchMessages, request));
  }

  async countMentions(request: unknown) {
    return { counts: await this.#mentions.count(parseInput(MESSAGE_REQUESTS.countMentions, request).positions) };
  }

  async clearMentions(request: unknown) {
    const { positions } = parseInput(MESSAGE_REQUESTS.clearMentions, request);
    await this.#mentions.clear(positions);
    return { counts: await this.#mentions.count(positions) };
  }

  async createAttachment(request: unknown) {
    const { userId, content } = parseInput(MESSAGE_REQUESTS.createAttachment, request);
    return { attachment: await this.#attachments.create(userId, content) };
  }

  async readAttachment(request: unknown) {
    return this.#attachments.read(parseInput(MESSAGE_REQUESTS.readAttachment, request));
  }

  async #changed(userId: UserId, changing: Promise<Message>) {
    return { message: await this.#own.markMessage(userId, await changing) };
  }
}

const newEntry = <Event extends string>(event: Event, userId: UserId) => ({ event, entryId: uuidv7(), userId });
