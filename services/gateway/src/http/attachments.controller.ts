import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  ATTACHMENT_API,
  ParleyError,
  ROOM_API,
  type AttachmentApi,
  type AttachmentContent,
  type AttachmentVariant,
  type RoomApi,
} from '@parley/contracts';
import { ID_PATTERN, LIMITS, USER_HEADER, type AttachmentBody, type AttachmentId, type UserId } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range.ts';
import { RequestLimits } from './request-limits.ts';
import { requireSessionToken } from './session-cookie.ts';

/**
 * An attachment never changes, so browsers may cache it for good, per session cookie: another user of the browser must
 * not see it. The content is never a page: it runs no scripts, and no other site may embed it.
 */
const HEADERS = {
  'accept-ranges': 'bytes',
  'cache-control': 'private, max-age=31536000, immutable',
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  vary: 'cookie',
} as const;

type WantedAttachment = Omit<Parameters<AttachmentApi['readAttachment']>[0], 'range'>;

@Controller('api/attachments')
export class AttachmentsController {
  readonly #rooms: RoomApi;
  readonly #attachments: AttachmentApi;
  readonly #limits: RequestLimits;

  constructor(
    @Inject(ROOM_API) rooms: RoomApi,
    @Inject(ATTACHMENT_API) attachments: AttachmentApi,
    limits: RequestLimits,
  ) {
    this.#rooms = rooms;
    this.#attachments = attachments;
    this.#limits = limits;
  }

  @Post()
  async create(@Req() request: FastifyRequest): Promise<AttachmentBody> {
    const userId = await this.#readUser(request);
    if (request.headers[USER_HEADER] !== userId) {
      throw new ParleyError('conflict', 'Another user is signed in. Reload the page.');
    }
    await this.#limits.countUpload(userId);
    return this.#attachments.createAttachment({ userId, content: await readFile(request) });
  }

  @Get(':attachmentId')
  readImage(@Param('attachmentId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'image', request, reply);
  }

  @Get(':attachmentId/thumbnail')
  readThumbnail(@Param('attachmentId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'thumbnail', request, reply);
  }

  async #send(id: string, variant: AttachmentVariant, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!ID_PATTERN.test(id)) throw new ParleyError('not_found', 'There is no such attachment.');
    const wanted = { userId: await this.#readUser(request), attachmentId: id as AttachmentId, variant };
    const etag = `"${id}-${variant}"`;
    const ifRange = request.headers['if-range'];
    const rangeHeader = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
    const isKnown = request.headers['if-none-match']?.includes(etag) === true;
    if (isKnown || rangeHeader !== undefined) {
      const described = await this.#describe(wanted);
      reply.headers(headersOf(id, etag, described));
      if (isKnown) return void reply.code(304).send();
      const range = parseRange(rangeHeader, described.size);
      if (range.kind === 'unsatisfiable') {
        return void reply.code(416).header('content-range', `bytes */${described.size}`).send();
      }
      if (range.kind === 'part') {
        const { start, end } = range;
        const part = await this.#attachments.readAttachment({ ...wanted, range: { start, end } });
        reply.code(206).header('content-range', `bytes ${start}-${end}/${part.size}`);
        return sendBytes(reply, part, end - start + 1);
      }
    }
    const whole = await this.#attachments.readAttachment(wanted);
    sendBytes(reply.headers(headersOf(id, etag, whole)), whole, whole.size);
  }

  /** The type and size of an attachment. Reads one byte of it: to abandon a transfer of all of it costs a connection. */
  async #describe(wanted: WantedAttachment): Promise<Pick<AttachmentContent, 'contentType' | 'size'>> {
    const { content, contentType, size } = await this.#attachments.readAttachment({
      ...wanted,
      range: { start: 0, end: 0 },
    });
    content.resume();
    return { contentType, size };
  }

  async #readUser(request: FastifyRequest): Promise<UserId> {
    const { user } = await this.#rooms.getSession({ token: requireSessionToken(request.headers.cookie) });
    return user.userId;
  }
}

/** Reads the file of a multipart body. */
async function readFile(request: FastifyRequest): Promise<Uint8Array> {
  if (!request.isMultipart()) throw new ParleyError('invalid', 'Send the image as multipart/form-data, field "file".');
  try {
    const file = await request.file();
    if (file?.fieldname === 'file') return await file.toBuffer();
  } catch (error) {
    throw isTooLarge(error) ? tooLarge() : brokenBody(error);
  }
  throw new ParleyError('invalid', 'The image must be in the field "file".');
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && error.statusCode === 413;

const tooLarge = (): ParleyError =>
  new ParleyError('too_large', `An image may have at most ${LIMITS.attachmentBytes / 2 ** 20} MiB: make it smaller.`);

const brokenBody = (cause: unknown): ParleyError =>
  new ParleyError('invalid', 'The upload arrived incomplete: send it again.', { cause });

/** Headers of every successful answer. */
const headersOf = (id: string, etag: string, { contentType }: Pick<AttachmentContent, 'contentType'>) => ({
  ...HEADERS,
  etag,
  // `image-0190a8b0.png`
  'content-disposition': `inline; filename="image-${id.slice(0, 8)}.${contentType.replace(/^image\//, '')}"`,
});

function sendBytes(reply: FastifyReply, { content, contentType }: AttachmentContent, length: number): void {
  void reply.type(contentType).header('content-length', length).send(content);
}
