import { ref } from 'vue';
import { useRouter } from 'vue-router';
import { usePendingAction } from '../../composables/pending-action.ts';
import { useOutboxStore } from '../../stores/outbox.ts';
import { useSessionStore } from '../../stores/session.ts';

/** Logging out: asks first when messages are still waiting to be sent, or when it did not work. */
export function useLogOut() {
  const session = useSessionStore();
  const outbox = useOutboxStore();
  const router = useRouter();
  const confirming = ref(false);
  const { pending, error, run } = usePendingAction();

  async function ask(): Promise<void> {
    if (outbox.size > 0) confirming.value = true;
    else await logOut();
  }

  async function logOut(): Promise<void> {
    const done = await run(() => session.logOut());
    confirming.value = !done;
    if (done) await router.replace('/login');
  }

  return { confirming, pending, error, ask, logOut };
}
