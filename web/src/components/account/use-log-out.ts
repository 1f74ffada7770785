import { ref } from 'vue';
import { useRouter } from 'vue-router';
import { usePendingAction } from '../../composables/use-pending-action.ts';
import { useDraftsStore } from '../../stores/drafts.ts';
import { useOutboxStore } from '../../stores/outbox.ts';
import { useSessionStore } from '../../stores/session.ts';

/** Logs out; asks first when there are drafts or unsent messages. A failure is shown in the same dialog. */
export function useLogOut() {
  const session = useSessionStore();
  const outbox = useOutboxStore();
  const drafts = useDraftsStore();
  const router = useRouter();
  const confirming = ref(false);
  const { pending, error, run } = usePendingAction();

  async function ask(): Promise<void> {
    if (outbox.size > 0 || drafts.size > 0) confirming.value = true;
    else await logOut();
  }

  async function logOut(): Promise<void> {
    const done = await run(() => session.logOut());
    confirming.value = !done;
    if (done) await router.replace('/login');
  }

  return { confirming, pending, error, ask, logOut };
}
