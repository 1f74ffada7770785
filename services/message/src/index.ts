/** The room log: messages and changes of membership, kept in one order. */
export { MessageModule } from './message.module.ts';
export { messageMigrations } from './migrations.ts';

/** For those who look at stored data from outside: how it lies there, and the rules by which entries get their places. */
export type { AttachmentRecord } from './attachments/attachment.ts';
export { VARIANTS } from './attachments/attachment-bytes.ts';
export { attachmentPath } from './attachments/attachment-bytes.files.ts';
export { gridFsName } from './attachments/attachment-bytes.mongo.ts';
export { BUCKET } from './attachments/attachment.schema.ts';
export { headOf, type Entry } from './log/entry.ts';
export { emptyHead } from './log/log.repository.ts';
export { sequenceEntries } from './log/sequencing.ts';
