/** Registers the service worker, so that the app opens without the server. A browser may refuse. */
export function keepAppForOffline(): void {
  if (import.meta.env.PROD) navigator.serviceWorker?.register('/service-worker.js').catch(() => undefined);
}
