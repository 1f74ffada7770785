/** Serves the app's files where the server is unreachable; the engine's cache provides the rooms. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface NotificationEvent extends ExtendableEvent {
  readonly notification: Notification;
}
interface Client {
  focus(): Promise<Client>;
  postMessage(message: OpenPath): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface WorkerEvents {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
  notificationclick: NotificationEvent;
}
/** The scope of a service worker; the project's types are those of a page. */
declare const self: {
  addEventListener<Name extends keyof WorkerEvents>(name: Name, run: (event: WorkerEvents[Name]) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window' }): Promise<readonly Client[]>;
    openWindow(path: string): Promise<unknown>;
  };
};
/** Cached paths without a content hash. */
const NAMED = ['/theme.js', '/favicon.svg', '/manifest.webmanifest', '/icons/icon-192.png'];
/** The paths of this build's files, inserted by vite.config.ts. */
declare const __PARLEY_FILES__: readonly string[];
declare const __PARLEY_BUILD__: number;

/** Asks a page to show a path. */
export interface OpenPath {
  readonly openPath: string;
}

const SHELL = '/';
const CACHE = `parley-app-${__PARLEY_BUILD__}`;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== location.origin) return;
  if (event.request.mode === 'navigate') event.respondWith(newest(event.request, SHELL));
  else if (NAMED.includes(pathname)) event.respondWith(newest(event.request, pathname));
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(event.request));
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...NAMED, ...__PARLEY_FILES__]);
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith('parley-app-') && name !== CACHE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

/** The server's file if it is reachable, so that a new build is used at once. */
async function newest(request: Request, path: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (failure) {
    const kept = await caches.match(path);
    if (!kept) throw failure;
    return kept;
  }
}

/** Asset names contain a content hash: a cached asset equals the server's. */
async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** Opens the notification's path in an existing tab, or in a new one. */
async function open(notification: Notification): Promise<void> {
  notification.close();
  const { path } = notification.data as { readonly path: string };
  const [tab] = await self.clients.matchAll({ type: 'window' });
  if (tab === undefined) return void (await self.clients.openWindow(path));
  tab.postMessage({ openPath: path });
  await tab.focus();
}
