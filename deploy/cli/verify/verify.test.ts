import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, sharedMongo } from '@parley/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { healthyData, storeInFolder, storeInMongo, type Stored } from '../testing/stored-rows.ts';
import type { FindingKind } from './finding.ts';
import { reportOf } from './report.ts';
import type { StoredData } from './stored-data.ts';
import { openMongoData } from './stored-data.mongo.ts';
import { openSqliteData } from './stored-data.sqlite.ts';
import { verify } from './verify.ts';

type Fault = (stored: Stored) => void;

/** The row of the n-th entry, and so on. */
const row = (stored: Stored, table: string, index: number): Record<string, unknown> => {
  const found = stored.rows[table]?.[index];
  if (found === undefined) throw new Error(`${table} has no row ${index}.`);
  return found;
};
const cut = (stored: Stored, table: string, index: number): void => void stored.rows[table]?.splice(index, 1);
const again = (stored: Stored, change: Record<string, unknown>): void =>
  void stored.rows['entries']?.push({ ...row(stored, 'entries', 4), ...change });

/** Each fault that can be planted, with what is to be said about it. */
const FAULTS: readonly (readonly [name: string, plant: Fault, kind: FindingKind, words: string | RegExp])[] = [
  ['a missing entry', (it) => cut(it, 'entries', 2), 'hole', 'seq 3 is missing.'],
  ['several missing entries', (it) => it.rows['entries']?.splice(0, 3), 'hole', 'seqs 1 to 3 are missing.'],
  ['two entries with one seq', (it) => again(it, { entry_id: 'another' }), 'doubled_seq', 'with seq 5'],
  [
    'two entries with one entryId',
    (it) => again(it, { seq: 6, count: 4, message_seq: 6 }),
    'doubled_entry',
    /entryId [-0-9a-f]{36}\.$/,
  ],
  ['a wrong count', (it) => (row(it, 'entries', 4)['count'] = 4), 'wrong_count', 'At seq 5 count is 4 instead of 3.'],
  [
    'a wrong memberDelta',
    (it) => (row(it, 'entries', 4)['member_delta'] = 0),
    'wrong_count',
    'At seq 5 memberDelta is 0 instead of 1.',
  ],
  [
    'a wrong messageSeq',
    (it) => (row(it, 'entries', 4)['message_seq'] = 3),
    'wrong_count',
    'At seq 5 messageSeq is 3 instead of 5.',
  ],
  ['a time that falls', (it) => (row(it, 'entries', 4)['at'] = 999), 'time_falls', 'from 1000 to 999'],
  ['a log without its room', (it) => cut(it, 'rooms', 0), 'no_room', '3 members and 5 entries'],
  ['a wrong memberCount', (it) => (row(it, 'rooms', 0)['member_count'] = 7), 'wrong_members', 'memberCount is 7'],
  [
    'a member without an entry in the log',
    (it) => (row(it, 'rooms', 0)['initial_member_count'] = 1),
    'wrong_members',
    'give 2 members; there are 3',
  ],
  ['a read seq past the head', (it) => (row(it, 'memberships', 0)['read_seq'] = 6), 'wrong_read', 'the log ends at 5'],
  ['a read count past the head', (it) => (row(it, 'memberships', 0)['read_count'] = 4), 'wrong_read', 'there are 3'],
  [
    'a missing attachment',
    (it) => cut(it, 'attachments', 0),
    'attachment_missing',
    /It does not exist, but message .* seq 3/,
  ],
  [
    'an attachment of another message',
    (it) => (row(it, 'attachments', 0)['message_id'] = 'another'),
    'attachment_unclaimed',
    'it is not that message',
  ],
  [
    'an attachment that is being collected',
    (it) => (row(it, 'attachments', 0)['state'] = 'collecting'),
    'attachment_unclaimed',
    'it is not that message',
  ],
  [
    'an image without its bytes',
    (it) => it.bytes.delete(`${it.attachmentId}/image`),
    'bytes_missing',
    'Of the 40 bytes of its image nothing is there.',
  ],
  [
    'a thumbnail that was cut off',
    (it) => it.bytes.set(`${it.attachmentId}/thumbnail`, Buffer.alloc(4)),
    'bytes_missing',
    'Of the 10 bytes of its thumbnail 4 are there.',
  ],
];

function suite(open: (stored: Stored) => Promise<StoredData>): void {
  const verified = async (stored: Stored) => {
    const data = await open(stored);
    onTestFinished(() => data.close());
    return verify(data);
  };

  test('finds nothing in healthy data, also when a newer release wrote an event', async () => {
    const verification = await verified(healthyData());
    expect(verification).toEqual({ rooms: 1, entries: 5, attachments: 1, findings: [] });
    expect(reportOf(verification)).toBe('1 rooms, 5 entries and 1 attachments were checked: no fault.');
  });

  test.for(FAULTS)('reports %s', async ([, plant, kind, words]) => {
    const stored = healthyData();
    plant(stored);
    const verification = await verified(stored);
    const found = verification.findings.filter((finding) => finding.kind === kind);
    expect(found.map(({ detail }) => detail)).toEqual([expect.stringMatching(words)]);
    expect(found[0]?.where).toContain(
      kind.includes('attachment') || kind === 'bytes_missing' ? stored.attachmentId : stored.roomId,
    );
    expect(reportOf(verification)).toContain(`${kind}: ${found[0]?.where ?? ''}: `);
  });

  test('accepts an unannounced member, and counts an announced one once', async () => {
    const stored = healthyData();
    const { roomId } = stored;
    const mark = { room_id: roomId, event: 'member_joined', user_id: 'dora', made_at: 1 };
    const told = row(stored, 'entries', 1)['entry_id'];
    stored.rows['membership_announcements'] = [
      { ...mark, change_number: 3, entry_id: told },
      { ...mark, change_number: 4, entry_id: 'to-be-told' },
    ];
    stored.rows['memberships']?.push({
      room_id: roomId,
      user_id: 'dora',
      join_order: 4,
      read_seq: null,
      read_count: null,
    });
    row(stored, 'rooms', 0)['member_count'] = 4;
    expect((await verified(stored)).findings).toEqual([]);
  });

  test('accepts an unclaimed upload without bytes', async () => {
    const stored = healthyData();
    const attachment_id = 'unclaimed-upload-0001';
    stored.rows['attachments']?.push({
      ...row(stored, 'attachments', 0),
      attachment_id,
      room_id: null,
      message_id: null,
    });
    expect((await verified(stored)).findings).toEqual([]);
  });
}

describe('verifying a data folder', () => {
  const open = async (stored: Stored): Promise<StoredData> => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-verify-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await storeInFolder(folder, stored);
    return openSqliteData(folder);
  };
  suite(open);

  test('reports an entry whose data is not JSON', async () => {
    const stored = healthyData();
    row(stored, 'entries', 4)['data'] = '{"text":';
    const data = await open(stored);
    onTestFinished(() => data.close());
    expect((await verify(data)).findings[0]).toMatchObject({
      kind: 'unreadable',
      detail: expect.stringContaining('The entry at seq 5 cannot be read'),
    });
  });

  test('refuses a folder without data with a remedy', () => {
    expect(() => openSqliteData('/nowhere')).toThrow('There is no /nowhere/parley.sqlite: give the data folder');
  });
});

describeWith('mongo', 'verifying a MongoDB', () => {
  suite(async (stored) => {
    const url = (await sharedMongo()).databaseUrl();
    await storeInMongo(url, stored);
    return openMongoData(url);
  });
});
