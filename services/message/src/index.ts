/** The message service: the log of each room. */
export { MessageModule } from './message.module.ts';
export { messageMigrations } from './migrations.ts';

/** For commands that read stored data: the stored records, and the rules that give entries their seq and counts. */
export type { AttachmentRecord } from './attachments/attachment.ts';
export { VARIANTS } from './attachments/attachment-bytes.ts';
export { attachmentPath } from './attachments/attachment-bytes.files.ts';
export { gridFsName } from './attachments/attachment-bytes.mongo.ts';
export { BUCKET } from './attachments/attachment.schema.ts';
export { headOf, type Entry } from './log/entry.ts';
export { emptyHead } from './log/log.repository.ts';
export { sequenceEntries } from './log/sequencing.ts';
