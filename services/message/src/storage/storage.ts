import type { AttachmentBytes } from '../attachments/attachment-bytes.ts';
import type { AttachmentRepository } from '../attachments/attachment.repository.ts';
import type { LogRepository } from '../log/log.repository.ts';
import type { MembersReader } from '../members/members.reader.ts';
import type { MentionRepository } from '../mentions/mention.repository.ts';
import type { ReactionRepository } from '../reactions/reaction.repository.ts';
import type { SearchRepository } from '../search/search.repository.ts';

/** Every port of the message service to its store. A further store implements these and assembles them in this folder. */
export interface MessageStorage {
  readonly log: LogRepository;
  readonly members: MembersReader;
  readonly reactions: ReactionRepository;
  readonly mentions: MentionRepository;
  readonly search: SearchRepository;
  readonly attachments: AttachmentRepository;
  readonly bytes: AttachmentBytes;
}
