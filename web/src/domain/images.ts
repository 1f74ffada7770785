import type { AttachmentId } from '@parley/protocol';

/** An image that somebody has chosen and not sent. Width and height are those it is shown with. */
export interface DraftImage {
  readonly imageId: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly blob: Blob;
}

/** An image on its way; `attachmentId`: what the server made of it, null until it is uploaded. */
export interface OutgoingImage extends DraftImage {
  readonly attachmentId: AttachmentId | null;
}

export const toOutgoing = (image: DraftImage): OutgoingImage => ({ ...image, attachmentId: null });

export function toDraftImage({ imageId, name, width, height, blob }: DraftImage): DraftImage {
  return { imageId, name, width, height, blob };
}
