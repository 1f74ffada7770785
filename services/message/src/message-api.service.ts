import { Inject, Injectable } from '@nestjs/common';
import type { AttachmentApi, MessageApi } from '@parley/contracts';
import { uuidv7 } from '@parley/platform';
import type { Message, UserId } from '@parley/protocol';
import { AppendService } from './append/append.service.ts';
import { AttachmentService } from './attachments/attachment.service.ts';
import { HistoryService } from './history/history.service.ts';
import { MENTION_REPOSITORY, type MentionRepository } from './mentions/mention.repository.ts';
import { OwnReactions } from './reactions/own-reactions.ts';
import { SearchService } from './search/search.service.ts';
import * as parse from './requests.ts';

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
    return { results: await this.#append.appendMessages(parse.appendMessages(request)) };
  }

  async updateMessage(request: unknown) {
    const { userId, roomId, ...data } = parse.updateMessage(request);
    return this.#changed(userId, this.#append.changeMessage(roomId, { ...newEntry('message_updated', userId), data }));
  }

  async deleteMessage(request: unknown) {
    const { userId, roomId, ...data } = parse.deleteMessage(request);
    return this.#changed(userId, this.#append.changeMessage(roomId, { ...newEntry('message_deleted', userId), data }));
  }

  async setReaction(request: unknown) {
    const { userId, roomId, ...data } = parse.setReaction(request);
    return this.#changed(userId, this.#append.changeMessage(roomId, { ...newEntry('reaction_changed', userId), data }));
  }

  async appendMemberships(request: unknown) {
    const { roomId, entries } = parse.appendMemberships(request);
    return { positions: await this.#append.appendMemberships(roomId, entries) };
  }

  async getMessages(request: unknown) {
    return this.#history.getMessages(parse.getMessages(request));
  }

  async findMessages(request: unknown) {
    return this.#history.findMessages(parse.findMessages(request));
  }

  async getEvents(request: unknown) {
    return this.#history.getEvents(parse.getEvents(request));
  }

  async getMissedEvents(request: unknown) {
    return this.#history.getMissedEvents(parse.getMissedEvents(request));
  }

  async getHeads(request: unknown) {
    return { heads: await this.#history.getHeads(parse.getHeads(request)) };
  }

  async getPlaces(request: unknown) {
    return { places: await this.#history.getPlaces(parse.getPlaces(request)) };
  }

  async getLastMessages(request: unknown) {
    return { messages: await this.#history.getLastMessages(parse.getLastMessages(request)) };
  }

  async searchMessages(request: unknown) {
    return this.#search.search(parse.searchMessages(request));
  }

  async countMentions(request: unknown) {
    return { counts: await this.#mentions.count(parse.mentionPositions(request).positions) };
  }

  async clearMentions(request: unknown) {
    const { positions } = parse.mentionPositions(request);
    await this.#mentions.clear(positions);
    return { counts: await this.#mentions.count(positions) };
  }

  async createAttachment(request: unknown) {
    const { userId, content } = parse.createAttachment(request);
    return { attachment: await this.#attachments.create(userId, content) };
  }

  async readAttachment(request: unknown) {
    return this.#attachments.read(parse.readAttachment(request));
  }

  async #changed(userId: UserId, changing: Promise<Message>) {
    return { message: await this.#own.markMessage(userId, await changing) };
  }
}

const newEntry = <Event extends string>(event: Event, userId: UserId) => ({ event, entryId: uuidv7(), userId });
