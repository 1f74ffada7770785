import { Injectable } from '@nestjs/common';
import type { AttachmentApi, MessageApi } from '@parley/contracts';
import { AttachmentService } from './attachments/attachment.service.ts';
import { HistoryService } from './history/history.service.ts';
import { LogService } from './log/log.service.ts';
import * as parse from './requests.ts';

/** What the message service does for the others. Requests are parsed here, where they come in, by RPC or directly. */
@Injectable()
export class MessageApiService implements MessageApi, AttachmentApi {
  readonly #log: LogService;
  readonly #history: HistoryService;
  readonly #attachments: AttachmentService;

  constructor(log: LogService, history: HistoryService, attachments: AttachmentService) {
    this.#log = log;
    this.#history = history;
    this.#attachments = attachments;
  }

  async appendMessages(request: unknown) {
    return { results: await this.#log.appendMessages(parse.appendMessages(request)) };
  }

  async appendMemberships(request: unknown) {
    const { roomId, entries } = parse.appendMemberships(request);
    return { positions: await this.#log.appendMemberships(roomId, entries) };
  }

  async getMessages(request: unknown) {
    return this.#history.getMessages(parse.getMessages(request));
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

  async createAttachment(request: unknown) {
    const { userId, content } = parse.createAttachment(request);
    return { attachment: await this.#attachments.create(userId, content) };
  }

  async readAttachment(request: unknown) {
    return this.#attachments.read(parse.readAttachment(request));
  }
}
