import { LIMITS, type RoomId, type User } from '@parley/protocol';
import { computed, nextTick, ref, shallowRef, type Ref } from 'vue';
import { matchingPeople, mentionAt, withMention, type MentionQuery } from '../../domain/mentions.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useSessionStore } from '../../stores/session.ts';

const OFFERED = 6;

export interface MentionsOptions {
  readonly roomId: RoomId;
  /** Those that are known without asking. */
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
  let isAsked = false;

  const offered = computed(() => {
    if (query.value === null) return [];
    const others = (loaded.value ?? members()).filter(({ userId }) => userId !== session.user?.userId);
    const written = query.value.query;
    const matching = matchingPeople(others, written);
    // A name that is written out needs no completion: Enter sends.
    return matching.some(({ displayName }) => displayName === written) ? [] : matching.slice(0, OFFERED);
  });

  /** Looks at what stands before the caret. */
  function update(): void {
    const element = textarea.value;
    query.value = element === null ? null : mentionAt(element.value, element.selectionEnd);
    chosen.value = 0;
    if (query.value !== null && !isAsked) void load();
  }

  /** The first page; whoever is not on it can be written out, and is mentioned all the same when they are known. */
  async function load(): Promise<void> {
    isAsked = true;
    try {
      loaded.value = (await engine.request('get_members', { roomId, limit: LIMITS.membersPerPage })).members;
    } catch {
      // Without a connection the first few will do; asked again with the next mention.
      isAsked = false;
    }
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

  /** @returns whether the key was for the list */
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
