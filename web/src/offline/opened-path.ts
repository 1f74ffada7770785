import { onScopeDispose } from 'vue';
import { useRouter } from 'vue-router';
import type { OpenPath } from './service-worker.ts';

/** Opens the path of a clicked notification. */
export function followNotifications(): void {
  const router = useRouter();
  const onMessage = ({ data }: MessageEvent<OpenPath>): void => void router.push(data.openPath);
  navigator.serviceWorker?.addEventListener('message', onMessage);
  onScopeDispose(() => navigator.serviceWorker?.removeEventListener('message', onMessage));
}
