import { LIMITS, type RoomId, type User } from '@parley/protocol';
import { computed, nextTick, ref, shallowRef, type Ref } from 'vue';
import { matchingUsers, mentionAt, withMention, type MentionQuery } from '../../domain/mentions.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useSessionStore } from '../../stores/session.ts';

const OFFERED = 6;
/** Members beyond these are not completed; a name typed in full is a mention all the same. */
const LOADED_AT_MOST = 1_000;

export interface MentionsOptions {
  readonly roomId: RoomId;
  /** The members known without a request. */
  readonly members: () => readonly User[];
  readonly textarea: Readonly<Ref<HTMLTextAreaElement | null>>;
  readonly text: Ref<string>;
}

/** Completes names after an `@`, by keyboard and by click. */
export function useMentions({ roomId, members, textarea, text }: MentionsOptions) {
  const engine = useEngineStore();
  const session = useSessionStore();
  const query = shallowRef<MentionQuery | null>(null);
  const loaded = shallowRef<readonly User[]>();
  const chosen = ref(0);
  /** Cursor of the next page; null: all members are loaded. */
  let next: string | null | undefined;
  let isLoading = false;

  const matching = computed(() => {
    if (query.value === null) return [];
    const others = (loaded.value ?? members()).filter(({ userId }) => userId !== session.user?.userId);
    return matchingUsers(others, query.value.query);
  });
  /** A name typed in full needs no completion: Enter sends the message. */
  const isTypedInFull = computed(() => matching.value.some(({ displayName }) => displayName === query.value?.query));
  const offered = computed(() => (isTypedInFull.value ? [] : matching.value.slice(0, OFFERED)));

  /** Reads the query before the caret. */
  function update(): void {
    const element = textarea.value;
    query.value = element === null ? null : mentionAt(element.value, element.selectionEnd);
    chosen.value = 0;
    if (!isLoading) void load();
  }

  /** Loads pages until enough members match. */
  async function load(): Promise<void> {
    isLoading = true;
    try {
      while (needsMorePages()) {
        const position = next ? { after: next } : {};
        const page = await engine.request('get_members', { roomId, limit: LIMITS.membersPerPage, ...position });
        loaded.value = [...(loaded.value ?? []), ...page.members];
        next = page.next ?? null;
      }
    } catch {
      // Without a connection the known members are offered; the next key tries again.
    } finally {
      isLoading = false;
    }
  }

  function needsMorePages(): boolean {
    if (query.value === null || next === null) return false;
    const count = loaded.value?.length ?? 0;
    return count === 0 || (count < LOADED_AT_MOST && offered.value.length < OFFERED && !isTypedInFull.value);
  }

  function pick(person: User): void {
    if (query.value === null) return;
    const { text: written, caret } = withMention(text.value, query.value, person.displayName);
    text.value = written;
    close();
    void nextTick(() => {
      textarea.value?.focus();
      textarea.value?.setSelectionRange(caret, caret);
    });
  }

  /** @returns whether the list has handled the key */
  function onKey(event: KeyboardEvent): boolean {
    const count = offered.value.length;
    if (count === 0 || event.isComposing) return false;
    if (event.key === 'ArrowDown') chosen.value = (chosen.value + 1) % count;
    else if (event.key === 'ArrowUp') chosen.value = (chosen.value + count - 1) % count;
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const person = offered.value[chosen.value];
      if (person) pick(person);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  function close(): void {
    query.value = null;
  }

  return { offered, chosen, update, pick, onKey, close };
}
