import { LIMITS, type MessageId, type RoomId } from '@parley/protocol';
import { computed, ref } from 'vue';
import { errorText } from '../../api/error-text.ts';
import { newMessageId } from '../../domain/ids.ts';
import { mentionedIn } from '../../domain/mentions.ts';
import { useDraftsStore } from '../../stores/drafts.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useUsersStore } from '../../stores/users.ts';
import { useDraft } from './use-draft.ts';
import { useDraftAttachments } from './use-draft-attachments.ts';

interface SubmittedMessage {
  readonly replyTo: MessageId | null;
  readonly text: string;
  readonly imageIds: readonly string[];
}

/** Writing and sending in a room: the text box clears once the engine has stored the message. */
export function useComposer(roomId: RoomId) {
  const engine = useEngineStore();
  const drafts = useDraftsStore();
  const users = useUsersStore();
  const draft = useDraft(roomId);
  const { text } = draft;
  const error = ref('');
  const limit = computed(() => engine.limits?.textLength ?? LIMITS.textLength);
  const excess = computed(() => Math.max(0, text.value.length - limit.value));
  const { images, error: attachmentError, add: addAttachments, remove: removeAttachment } = useDraftAttachments(roomId);
  const tooMany = computed(() => Math.max(0, images.value.length - LIMITS.attachmentsPerMessage));
  /** Messages being stored. Until then their texts stay in the text box, before anything typed since. */
  const submitted: SubmittedMessage[] = [];

  /** Sends the text. Text typed meanwhile stays, and can be sent before the first message is stored. */
  async function send(): Promise<void> {
    const written = textAfter(
      text.value,
      submitted.map((message) => message.text),
    );
    const submittedImages = new Set(submitted.flatMap((message) => message.imageIds));
    const imageIds = images.value.map(({ imageId }) => imageId).filter((imageId) => !submittedImages.has(imageId));
    if (written.trim() === '' && imageIds.length === 0) return;
    if (written.length > limit.value || tooMany.value > 0) return;
    submitted.push({ text: written, imageIds, replyTo: drafts.replyOf(roomId) });
    drafts.setReply(roomId, null);
    if (submitted.length === 1) await storeAll();
  }

  async function storeAll(): Promise<void> {
    const saved = draft.saved();
    error.value = '';
    let remaining = '';
    draft.pause();
    try {
      for (let next = submitted[0]; next !== undefined; next = submitted[0]) {
        const { imageIds, replyTo } = next;
        const written = next.text.trim();
        const mentions = mentionedIn(written, users.byId.values()).slice(0, LIMITS.mentionsPerMessage);
        const message = {
          ...{ roomId, messageId: newMessageId(), text: written, imageIds, mentions },
          ...(replyTo !== null && { replyTo }),
        };
        ({ draft: remaining } = await engine.request('send_message', message));
        if (text.value.startsWith(next.text)) text.value = text.value.slice(next.text.length);
        submitted.shift();
      }
      draft.resume(remaining);
    } catch (failure) {
      if (submitted[0]) drafts.setReply(roomId, submitted[0].replyTo);
      submitted.length = 0;
      error.value = errorText(failure);
      draft.resume(saved);
    }
  }

  const problem = computed(() => error.value || attachmentError.value);
  return {
    text,
    images,
    tooMany,
    error: problem,
    excess,
    limit,
    save: draft.save,
    send,
    addAttachments,
    removeAttachment,
  };
}

/** The text typed after the messages being stored. If the user has replaced those, that is the whole text. */
function textAfter(text: string, submitted: readonly string[]): string {
  const prefix = submitted.map((_, index) => submitted.slice(index).join('')).find((texts) => text.startsWith(texts));
  return text.slice(prefix?.length ?? 0);
}
