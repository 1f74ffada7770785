import type { Entry } from '@parley/message';
import type { RoomId } from '@parley/protocol';
import { auditBytes, auditClaims } from './attachment-audit.ts';
import type { Finding } from './finding.ts';
import { LogAudit } from './log-audit.ts';
import { auditRoom } from './room-audit.ts';
import type { StoredData } from './stored-data.ts';

export interface Verification {
  readonly rooms: number;
  readonly entries: number;
  readonly attachments: number;
  readonly findings: readonly Finding[];
}

/**
 * Checks all stored data, also of a running Parley: each room's log up to its head at the time of reading. A fault of an
 * attachment is checked twice, since its message may have been deleted in between.
 */
export async function verify(data: StoredData): Promise<Verification> {
  const findings: Finding[] = [];
  let entries = 0;
  const roomIds = await data.roomIds();
  for (const roomId of roomIds) {
    const state = await data.readRoom(roomId);
    findings.push(...auditRoom(roomId, state), ...(await auditLog(data, roomId, state.head.seq)));
    entries += state.head.seq;
  }
  let attachments = 0;
  for await (const record of data.attachments()) {
    attachments += 1;
    if ((await auditBytes(data, record)).length === 0) continue;
    const [now] = await data.findAttachments([record.attachmentId]);
    if (now !== undefined) findings.push(...(await auditBytes(data, now)));
  }
  return { rooms: roomIds.length, entries, attachments, findings };
}

async function auditLog(data: StoredData, roomId: RoomId, head: number): Promise<Finding[]> {
  const audit = new LogAudit(roomId);
  const where = `room ${roomId}`;
  const findings: Finding[] = [];
  for await (const stored of data.readEntries(roomId, { from: 0, to: head })) {
    if ('unreadable' in stored) {
      const detail = `The entry at seq ${stored.seq} cannot be read (${stored.unreadable}).`;
      findings.push({ kind: 'unreadable', where, detail });
      continue;
    }
    findings.push(...audit.follow(stored.entry), ...(await auditClaimsTwice(data, stored.entry)));
  }
  findings.push(...audit.end(head));
  for (const entryId of await data.doubledEntryIds(roomId, head)) {
    findings.push({ kind: 'doubled_entry', where, detail: `More than one entry has the entryId ${entryId}.` });
  }
  return findings;
}

async function auditClaimsTwice(data: StoredData, entry: Entry): Promise<Finding[]> {
  if ((await auditClaims(data, entry)).length === 0) return [];
  const findings: Finding[] = [];
  for await (const now of data.readEntries(entry.roomId, { from: entry.seq, to: entry.seq })) {
    if ('entry' in now) findings.push(...(await auditClaims(data, now.entry)));
  }
  return findings;
}
