import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger } from '@parley/platform';
import { isMessage } from '../log/entry.ts';
import { LOG_REPOSITORY, type LogRepository } from '../log/log.repository.ts';
import { attachmentIdsOf, type AttachmentRecord } from './attachment.ts';
import { ATTACHMENT_BYTES, type AttachmentBytes } from './attachment-bytes.ts';
import { ATTACHMENT_REPOSITORY, type AttachmentRepository } from './attachment.repository.ts';

/** Time after which an upload without a message is deleted. */
export const ABANDONED_MS = 24 * 3_600_000;
const SWEEP_EVERY_MS = 10 * 60_000;
const ATTACHMENTS_AT_A_TIME = 100;

/**
 * Deletes attachments that no message claimed within a day, and those of deleted messages. A claim changes `touchedAt`,
 * so that beginCollecting fails after it, and an attachment that is being collected cannot be claimed. The message of a
 * claim that is a day old is either in the log or never will be: an insert is decided within seconds, and a retry of the
 * message would have claimed the attachment again.
 */
@Injectable()
export class AttachmentSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #repository: AttachmentRepository;
  readonly #bytes: AttachmentBytes;
  readonly #log: Pick<LogRepository, 'findByEntryIds'>;
  readonly #logger: Pick<Logger, 'warn'>;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(
    @Inject(ATTACHMENT_REPOSITORY) repository: AttachmentRepository,
    @Inject(ATTACHMENT_BYTES) bytes: AttachmentBytes,
    @Inject(LOG_REPOSITORY) log: Pick<LogRepository, 'findByEntryIds'>,
    @Inject(LOGGER) logger: Pick<Logger, 'warn'>,
  ) {
    this.#repository = repository;
    this.#bytes = bytes;
    this.#log = log;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#sweeping ??= this.#attempt();
    }, SWEEP_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Handles all attachments that were last touched more than a day before `now`. */
  async sweep(now: number): Promise<void> {
    for (;;) {
      const abandoned = await this.#repository.findAbandoned(now - ABANDONED_MS, ATTACHMENTS_AT_A_TIME);
      for (const record of abandoned) await this.#collect(record);
      if (abandoned.length < ATTACHMENTS_AT_A_TIME) return;
    }
  }

  async #attempt(): Promise<void> {
    try {
      await this.sweep(Date.now());
    } catch (error) {
      this.#logger.warn({ err: error }, 'Failed to delete unused attachments; the next sweep retries.');
    } finally {
      this.#sweeping = undefined;
    }
  }

  async #collect(record: AttachmentRecord): Promise<void> {
    if (!(await this.#repository.beginCollecting(record))) return;
    const { attachmentId } = record;
    if (await this.#isInMessage(record)) return this.#repository.keep(record);
    await this.#bytes.delete(attachmentId);
    await this.#repository.delete(attachmentId);
  }

  async #isInMessage({ attachmentId, claim }: AttachmentRecord): Promise<boolean> {
    if (claim === null) return false;
    const [entry] = await this.#log.findByEntryIds(claim.roomId, [claim.messageId]);
    if (entry === undefined || !isMessage(entry)) return false;
    return attachmentIdsOf(entry.data.attachments ?? []).includes(attachmentId);
  }
}
