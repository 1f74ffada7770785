import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { USER_HEADER, type Attachment, type AttachmentBody, type UserId } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  newMessageId,
  newTestUser,
  newRoom,
  parleyForTest,
  startParley,
  type Parley,
  type TestUser,
} from './testing/parley.ts';

/** 3 × 2 pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGMQqciDIAY4CwA4kAXdpqSf8gAAAABJRU5ErkJggg==',
  'base64',
);

let parley: Parley;
beforeAll(async () => {
  parley = await startParley({ PARLEY_LIMIT_UPLOADS_PER_MINUTE: '0' });
});
afterAll(() => parley.close());

interface Upload {
  readonly content?: Uint8Array<ArrayBuffer>;
  readonly field?: string;
  readonly userId?: UserId;
  readonly origin?: string;
  readonly at?: Parley;
}

function post(testUser: TestUser, { content = PNG, field = 'file', userId, origin, at = parley }: Upload = {}) {
  const body = new FormData();
  body.set(field, new Blob([content], { type: 'text/html' }), '../../evil".html');
  const headers = new Headers({ cookie: testUser.cookie, [USER_HEADER]: userId ?? testUser.user.userId });
  if (origin !== undefined) headers.set('origin', origin);
  return fetch(`${at.url}/api/attachments`, { method: 'POST', headers, body });
}

async function upload(testUser: TestUser): Promise<Attachment> {
  const response = await post(testUser);
  expect(response.status).toBe(201);
  return ((await response.json()) as AttachmentBody).attachment;
}

const get = (testUser: TestUser, path: string, headers: Record<string, string> = {}) =>
  fetch(`${parley.url}/api/attachments/${path}`, { headers: { cookie: testUser.cookie, ...headers } });

async function send(testUser: TestUser, roomId: string, attachments: readonly Attachment[], text = '') {
  const attachmentIds = attachments.map(({ attachmentId }) => attachmentId);
  const data = { roomId: roomId as never, messageId: newMessageId(), text, attachmentIds };
  return (await testUser.client.command('create_message', data)).message;
}

describe('images', () => {
  test('are uploaded, sent without text, and arrive live and in history with their size', async () => {
    const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
    const roomId = await newRoom(ada, bob);
    const attachment = await upload(ada);
    expect(attachment).toMatchObject({ contentType: 'image/png', width: 3, height: 2 });
    const message = await send(ada, roomId, [attachment]);
    expect(message).toMatchObject({ text: '', attachments: [attachment] });
    const event = await bob.client.waitFor((item) => 'event' in item && item.event === 'message_created');
    expect(event).toMatchObject({ data: { message } });
    expect((await bob.client.command('get_messages', { roomId })).messages).toEqual([message]);
    const { rooms } = await bob.client.command('get_user_rooms', {});
    expect(rooms[0]?.lastMessage).toEqual(message);
  });

  test('are visible to their uploader, then to members of the room, and to no other user', async () => {
    const [ada, bob, eve] = [await newTestUser(parley), await newTestUser(parley), await newTestUser(parley)];
    const roomId = await newRoom(ada, bob);
    const attachment = await upload(ada);
    const statuses = async () =>
      Promise.all(
        [ada, bob, eve].flatMap((testUser) =>
          [attachment.attachmentId, `${attachment.attachmentId}/thumbnail`].map(
            async (path) => (await get(testUser, path)).status,
          ),
        ),
      );
    expect(await statuses()).toEqual([200, 200, 404, 404, 404, 404]);
    await send(ada, roomId, [attachment]);
    expect(await statuses()).toEqual([200, 200, 200, 200, 404, 404]);
    const unknown = await get(eve, 'unknown-attachment');
    const foreign = await get(eve, attachment.attachmentId);
    expect(await unknown.json()).toEqual(await foreign.json());
    expect((await fetch(`${parley.url}/api/attachments/${attachment.attachmentId}`)).status).toBe(401);
  });

  test('are served with their type, sandboxed and cacheable', async () => {
    const ada = await newTestUser(parley);
    const { attachmentId, size } = await upload(ada);
    const response = await get(ada, attachmentId);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(size),
      'x-content-type-options': 'nosniff',
      'content-disposition': `inline; filename="image-${attachmentId.slice(0, 8)}.png"`,
      'cache-control': 'private, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
    });
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
    expect((await response.arrayBuffer()).byteLength).toBe(size);
    const again = await get(ada, attachmentId, { 'if-none-match': headers['etag'] ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get(ada, `${attachmentId}/thumbnail`)).headers.get('content-type')).toBe('image/webp');
  });

  test('are served in ranges', async () => {
    const ada = await newTestUser(parley);
    const { attachmentId, size } = await upload(ada);
    const whole = Buffer.from(await (await get(ada, attachmentId)).arrayBuffer());
    const part = await get(ada, attachmentId, { range: 'bytes=2-5' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${size}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(2, 6));
    const beyond = await get(ada, attachmentId, { range: `bytes=${size}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
  });

  test('are validated by their content, not by their declared type', async () => {
    const ada = await newTestUser(parley);
    const page = await post(ada, { content: Buffer.from('<script>alert(1)</script>') });
    expect([page.status, await page.json()]).toMatchObject([400, { code: 'invalid' }]);
    const large = await post(ada, { content: Buffer.alloc(10 * 2 ** 20 + 1) });
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'too_large' }]);
    const elsewhere = await post(ada, { field: 'other' });
    expect([elsewhere.status, await elsewhere.json()]).toMatchObject([400, { code: 'invalid' }]);
    const json = await fetch(`${parley.url}/api/attachments`, {
      ...{ method: 'POST', body: '{}' },
      headers: { cookie: ada.cookie, [USER_HEADER]: ada.user.userId, 'content-type': 'application/json' },
    });
    expect(json.status).toBe(400);
  });

  test('of almost 10 MiB arrive whole', async () => {
    const ada = await newTestUser(parley);
    // Bytes after the end of a PNG are dropped.
    const large = Buffer.concat([PNG, Buffer.alloc(10 * 2 ** 20 - PNG.length)]);
    expect((await post(ada, { content: large })).status).toBe(201);
  });

  test('are accepted only for the user whom the page names, from Parley’s own pages', async () => {
    const [ada, bob] = [await newTestUser(parley), await newTestUser(parley)];
    const other = await post(ada, { userId: bob.user.userId });
    expect([other.status, await other.json()]).toMatchObject([409, { code: 'conflict' }]);
    expect((await post(ada, { origin: 'https://evil.example.org' })).status).toBe(403);
    expect((await post(ada, { origin: parley.url })).status).toBe(201);
  });

  test('belong to one message, at most eight of them, none twice', async () => {
    const ada = await newTestUser(parley);
    const roomId = await newRoom(ada);
    const attachment = await upload(ada);
    await expect(send(ada, roomId, Array<Attachment>(9).fill(attachment))).rejects.toMatchObject({ code: 'too_large' });
    await expect(send(ada, roomId, [attachment, attachment])).rejects.toMatchObject({ code: 'invalid' });
    await expect(send(ada, roomId, [])).rejects.toMatchObject({ code: 'invalid' });
    await send(ada, roomId, [attachment]);
    await expect(send(ada, roomId, [attachment])).rejects.toMatchObject({ code: 'conflict' });
  });

  test('are rejected when a user uploads too many, or has used up their storage', async () => {
    const limited = await parleyForTest({ PARLEY_LIMIT_UPLOADS_PER_MINUTE: '2' });
    const ada = await newTestUser(limited);
    const answers = await Promise.all([1, 2, 3].map(() => post(ada, { at: limited })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 429]);
    const small = await parleyForTest({ PARLEY_LIMIT_ATTACHMENT_BYTES_PER_USER: '20' });
    const full = await post(await newTestUser(small), { at: small });
    expect([full.status, await full.json()]).toMatchObject([413, { code: 'too_large' }]);
    expect(await readdir(join(small.dataDir, 'attachments')).catch(() => [])).toEqual([]);
  });
});
