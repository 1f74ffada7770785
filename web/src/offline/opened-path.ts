import { onScopeDispose } from 'vue';
import { useRouter } from 'vue-router';
import type { OpenPath } from './service-worker.ts';

/** Goes where a notification that was clicked leads. */
export function followNotifications(): void {
  const router = useRouter();
  const onMessage = ({ data }: MessageEvent<OpenPath>): void => void router.push(data.openPath);
  navigator.serviceWorker?.addEventListener('message', onMessage);
  onScopeDispose(() => navigator.serviceWorker?.removeEventListener('message', onMessage));
}
