/** Lets the app open without the server from the next time on. Where the browser refuses, it opens only with it. */
export function keepAppForOffline(): void {
  if (import.meta.env.PROD) navigator.serviceWorker?.register('/service-worker.js').catch(() => undefined);
}
