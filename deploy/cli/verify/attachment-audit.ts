import { VARIANTS, type AttachmentRecord, type Entry } from '@parley/message';
import type { AttachmentId } from '@parley/protocol';
import type { Finding } from './finding.ts';
import type { StoredData } from './stored-data.ts';

type Claimed = { readonly attachmentId: AttachmentId };

/** The attachments of a message. Other entries have none, and the data of an unknown entry may be anything. */
function attachmentsOf(entry: Entry): readonly Claimed[] {
  return entry.event === 'message_created' ? (entry.data.attachments ?? []) : [];
}

/** Checks that the attachments of an entry exist and belong to it. */
export async function auditClaims(data: StoredData, entry: Entry): Promise<Finding[]> {
  const claimed = attachmentsOf(entry);
  if (claimed.length === 0) return [];
  const records = await data.findAttachments(claimed.map(({ attachmentId }) => attachmentId));
  return claimed.flatMap(({ attachmentId }): Finding[] => {
    const record = records.find((one) => one.attachmentId === attachmentId);
    const where = `attachment ${attachmentId}`;
    const message = `message ${entry.entryId} (room ${entry.roomId}, seq ${entry.seq})`;
    if (record === undefined)
      return [{ kind: 'attachment_missing', where, detail: `It does not exist, but ${message} has it.` }];
    const own = record.claim?.roomId === entry.roomId && record.claim.messageId === entry.entryId;
    if (own && record.state !== 'collecting') return [];
    return [{ kind: 'attachment_unclaimed', where, detail: `${message} has it, and it is not that message's.` }];
  });
}

/** Checks that the files of an attachment that a message has are complete. */
export async function auditBytes(data: StoredData, record: AttachmentRecord): Promise<Finding[]> {
  if (record.claim === null || record.state === 'collecting') return [];
  const { attachmentId } = record;
  const expected = { image: record.size, thumbnail: record.thumbnailBytes };
  const findings: Finding[] = [];
  for (const variant of VARIANTS) {
    const bytes = await data.storedSize(attachmentId, variant);
    if (bytes === expected[variant]) continue;
    const there = bytes === undefined ? 'nothing is' : `${bytes} are`;
    const detail = `Of the ${expected[variant]} bytes of its ${variant} ${there} there.`;
    findings.push({ kind: 'bytes_missing', where: `attachment ${attachmentId}`, detail });
  }
  return findings;
}
