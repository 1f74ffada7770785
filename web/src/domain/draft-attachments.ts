import type { AttachmentId } from '@parley/protocol';

/**
 * An image that was added to a draft and not sent yet. Width and height are those it is shown with. The field names
 * `images` and `imageId` of drafts and unsent messages are stored in IndexedDB and known to other builds.
 */
export interface DraftAttachment {
  readonly imageId: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly blob: Blob;
}

/** An attachment of an unsent message. `attachmentId`: null until it is uploaded. */
export interface OutgoingAttachment extends DraftAttachment {
  readonly attachmentId: AttachmentId | null;
}

export const toOutgoingAttachment = (attachment: DraftAttachment): OutgoingAttachment => ({
  ...attachment,
  attachmentId: null,
});

export function toDraftAttachment({ imageId, name, width, height, blob }: DraftAttachment): DraftAttachment {
  return { imageId, name, width, height, blob };
}
