import { access, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AttachmentId } from '@parley/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { attachmentPath, FileAttachmentBytes } from './attachment-bytes.files.ts';

const attachmentId = 'attachment-0123456789ab' as AttachmentId;
/** A device of Linux on which every write finds the disk full. */
const FULL = '/dev/full';
const hasFullDevice = await access(FULL).then(
  () => true,
  () => false,
);

test.runIf(hasFullDevice)('a full disk is reported as such, and nothing of the image stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bytes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = attachmentPath(folder, attachmentId, 'image');
  await mkdir(dirname(path), { recursive: true });
  await symlink(FULL, `${path}.part`);
  const bytes = new FileAttachmentBytes(folder);
  const full = { code: 'unavailable', retryAfterMs: 10_000, message: expect.stringContaining('is full') };
  await expect(bytes.store(attachmentId, 'image', Buffer.from('image'))).rejects.toMatchObject(full);
  expect(await readdir(dirname(path))).toEqual([]);
  await bytes.store(attachmentId, 'image', Buffer.from('image'));
  expect(await readdir(dirname(path))).toEqual(['image']);
});

test('a stream of a missing file raises no unhandled error when its reader abandons it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bytes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const stream = new FileAttachmentBytes(folder).read(attachmentId, 'image');
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.destroy();
  await closed;
  expect(stream.errored).toMatchObject({ code: 'ENOENT' });
});
