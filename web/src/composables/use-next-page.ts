import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/** The page after signing in: the one that required it (`?next=`), else the chat. */
export function useNextPage() {
  const route = useRoute();
  const router = useRouter();
  /** The query for links between log in and sign up. */
  const query = computed(() => ({ next: route.query['next'] }));

  async function openNextPage(): Promise<void> {
    await router.replace(safePath(route.query['next']));
  }

  return { query, openNextPage };
}

/** A path within Parley; anything else, such as another site's address, becomes the chat. */
export function safePath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
