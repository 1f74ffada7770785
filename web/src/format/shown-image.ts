import type { Attachment } from '@parley/protocol';
import type { DraftAttachment } from '../domain/draft-attachments.ts';
import { counted } from '../i18n/i18n.ts';

/** An image of a message: on the server, or only in this browser before it is sent. */
export interface ShownImage {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly source: { readonly kind: 'remote'; readonly url: string; readonly thumbnailUrl: string } | LocalSource;
}

interface LocalSource {
  readonly kind: 'local';
  readonly blob: Blob;
}

export function ofAttachment({ attachmentId, width, height }: Attachment): ShownImage {
  const url = `/api/attachments/${attachmentId}`;
  return { key: attachmentId, width, height, source: { kind: 'remote', url, thumbnailUrl: `${url}/thumbnail` } };
}

export const ofDraftAttachment = ({ imageId, width, height, blob }: DraftAttachment): ShownImage => ({
  ...{ key: imageId, width, height },
  source: { kind: 'local', blob },
});

/** "An image", "3 images": for messages without text. */
export const imagesText = (count: number): string => counted('image.count', count);
