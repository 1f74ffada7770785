import { ref } from 'vue';
import { useRouter } from 'vue-router';
import { usePendingAction } from '../../composables/use-pending-action.ts';
import { useDraftsStore } from '../../stores/drafts.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useOutboxStore } from '../../stores/outbox.ts';
import { useSessionStore } from '../../stores/session.ts';

/** Logging out: asks first when something is written and not sent, or when it did not work. */
export function useLogOut() {
  const session = useSessionStore();
  const engine = useEngineStore();
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
    const done = await run(() => session.logOut(() => engine.request('clear_cache', {})));
    confirming.value = !done;
    if (done) await router.replace('/login');
  }

  return { confirming, pending, error, ask, logOut };
}
