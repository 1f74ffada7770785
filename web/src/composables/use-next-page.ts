import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/** Where signing in leads: back to the page that asked for it (`?next=`), else to the chat. */
export function useNextPage() {
  const route = useRoute();
  const router = useRouter();
  /** To carry along between log in and sign up. */
  const query = computed(() => ({ next: route.query['next'] }));

  async function goOn(): Promise<void> {
    await router.replace(safePath(route.query['next']));
  }

  return { query, goOn };
}

/** A path within Parley; anything else, such as another site's address, is the chat. */
export function safePath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
