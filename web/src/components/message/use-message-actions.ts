import type { Message, RoomId, UserId } from '@parley/protocol';
import { computed, inject, provide, ref, shallowRef, type InjectionKey } from 'vue';
import { errorText } from '../../api/error-text.ts';
import { isMine } from '../../domain/message-changes.ts';
import { useDraftsStore } from '../../stores/drafts.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useQuotesStore } from '../../stores/quotes.ts';
import { useUiStore } from '../../stores/ui.ts';
import { focusComposer } from '../composer/use-composer-focus.ts';

export interface MessageActionsOptions {
  readonly roomId: RoomId;
  readonly ownId: UserId;
  /** Brings a message to the screen. */
  readonly jump: (seq: number) => void;
}

const KEY: InjectionKey<ReturnType<typeof makeActions>> = Symbol('message actions');

/** Reactions offered without the picker. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉'] as const;

/** The actions for messages of the open room. */
export function provideMessageActions(options: MessageActionsOptions) {
  const actions = makeActions(options);
  provide(KEY, actions);
  return actions;
}

export function useMessageActions() {
  const actions = inject(KEY);
  if (actions === undefined) throw new Error('provideMessageActions() was not called in a component above this one.');
  return actions;
}

function makeActions({ roomId, ownId, jump }: MessageActionsOptions) {
  const engine = useEngineStore();
  const ui = useUiStore();
  const drafts = useDraftsStore();
  const quotes = useQuotesStore();
  /** The message whose deletion awaits confirmation. */
  const deleting = shallowRef<Message | null>(null);
  /** The message whose readers are shown. */
  const readersShown = shallowRef<Message | null>(null);
  /** Why the last action failed; cleared after a few seconds. */
  const error = ref('');
  /** Messages can be changed only while online. */
  const online = computed(() => engine.connection.status === 'online');

  async function attempt(action: () => Promise<unknown>): Promise<void> {
    error.value = '';
    try {
      await action();
    } catch (failure) {
      error.value = errorText(failure);
      setTimeout(() => (error.value = ''), 5_000);
    }
  }

  return {
    ...{ roomId, ownId, jump, deleting, readersShown, error, online },
    isOwn: (message: Message): boolean => message.userId === ownId,
    react(message: Message, emoji: string): Promise<void> {
      const known = message.reactions.find((reaction) => reaction.emoji === emoji);
      const on = known === undefined || !isMine(known, ownId);
      return attempt(() => engine.request('set_reaction', { roomId, messageId: message.messageId, emoji, on }));
    },
    reply: (message: Message): void => {
      quotes.know(message);
      focusComposer();
      drafts.setReply(roomId, message.messageId);
      void attempt(() => engine.request('set_draft_reply', { roomId, replyTo: message.messageId }));
    },
    edit: (message: Message): void => void (ui.editing = message.messageId),
    copyText: (message: Message): Promise<void> => attempt(() => navigator.clipboard.writeText(message.text)),
    copyLink: (message: Message): Promise<void> =>
      attempt(() => navigator.clipboard.writeText(`${location.origin}/rooms/${roomId}?message=${message.seq}`)),
    delete: (message: Message): void => void (deleting.value = message),
    showReaders: (message: Message): void => void (readersShown.value = message),
  };
}
