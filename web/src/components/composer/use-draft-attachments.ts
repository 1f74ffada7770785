import { LIMITS, type RoomId } from '@parley/protocol';
import { computed, ref } from 'vue';
import { errorText } from '../../api/error-text.ts';
import { uuidv7 } from '../../domain/ids.ts';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import { useDraftsStore } from '../../stores/drafts.ts';
import { formatNumber } from '../../format/numbers.ts';
import { t } from '../../i18n/i18n.ts';
import { useEngineStore } from '../../stores/engine.ts';

/** The types that the file picker offers; the server checks the content. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** The images of a room's draft, shared by all tabs: stored as soon as they are chosen. */
export function useDraftAttachments(roomId: RoomId) {
  const engine = useEngineStore();
  const drafts = useDraftsStore();
  const error = ref('');
  const images = computed(() => drafts.attachmentsOf(roomId));
  const limit = computed(() => engine.limits?.attachmentBytes ?? LIMITS.attachmentBytes);

  async function add(files: readonly File[]): Promise<void> {
    error.value = '';
    for (const file of files) {
      try {
        await engine.request('add_draft_image', { roomId, image: await readImage(file, limit.value) });
      } catch (failure) {
        error.value = errorText(failure);
      }
    }
  }

  async function remove(imageId: string): Promise<void> {
    error.value = '';
    await engine.request('remove_draft_image', { roomId, imageId }).catch((failure: unknown) => {
      error.value = errorText(failure);
    });
  }

  return { images, error, add, remove };
}

/** The files in a paste or drop; empty if it has none. */
export const filesOf = (transfer: DataTransfer | null): readonly File[] => [...(transfer?.files ?? [])];

/** @throws Error whose message is shown to the user */
async function readImage(file: File, limit: number): Promise<DraftAttachment> {
  const name = file.name || t('composer.imageName');
  if (file.size > limit) {
    const megabytes = formatNumber(Math.floor(limit / 2 ** 20));
    throw new Error(t('composer.imageTooLarge', { name, limit: megabytes }));
  }
  if (!IMAGE_TYPES.includes(file.type)) throw new Error(t('composer.imageType', { name }));
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    // A copy, since the file may be changed or deleted before the message is sent.
    const blob = new Blob([await file.arrayBuffer()], { type: file.type });
    return { imageId: uuidv7(), name, width, height, blob };
  } catch {
    throw new Error(t('composer.imageBroken', { name }));
  }
}
