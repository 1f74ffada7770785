const STORAGE_KEY = 'parley-reloaded-at';
const REST_MS = 60_000;

/** Reloads the page, unless it did so within the last minute: a proxy may still serve the old one. */
export function reloadOnce(): void {
  const last = Number(sessionStorage.getItem(STORAGE_KEY) ?? 0);
  if (Date.now() - last < REST_MS) return;
  sessionStorage.setItem(STORAGE_KEY, String(Date.now()));
  location.reload();
}
