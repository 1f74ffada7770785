import { WEBSOCKET_PATH, type UserBody, type UserId } from '@parley/protocol';
import type { EngineEnvironment } from './engine-modules.ts';
import { channelName } from '../protocol/channel.ts';
import type { Session } from './server-connection.ts';
import type { OpenSocket } from './link.ts';
import { webLocks } from '../protocol/locks.ts';
import { httpUpload } from './uploads.ts';

/** The time of this build, defined in vite.config.ts. */
declare const __PARLEY_BUILD__: number;

/** The environment of an engine in a browser's worker. */
export function browserEnvironment(userId: UserId): EngineEnvironment {
  return {
    userId,
    clock: {
      now: () => Date.now(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    random: () => Math.random(),
    locks: webLocks(navigator.locks),
    build: __PARLEY_BUILD__,
    openChannel: () => new BroadcastChannel(channelName(userId)),
    openSocket,
    readSession,
    upload: httpUpload(userId),
    isOffline: () => !navigator.onLine,
  };
}

/** The user in a worker's name. */
export const userOfWorker = (name: string): UserId => name.replace(/^parley-/, '') as UserId;

const openSocket: OpenSocket = (listener) => {
  const socket = new WebSocket(new URL(WEBSOCKET_PATH, location.origin.replace(/^http/, 'ws')));
  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }: MessageEvent<string>) => listener.received(data);
  socket.onclose = ({ code }) => listener.closed(code);
  return { send: (text) => socket.send(text), close: (code) => socket.close(code) };
};

async function readSession(): Promise<Session> {
  try {
    const response = await fetch('/api/me');
    if (response.status === 401) return { kind: 'none' };
    if (!response.ok) return { kind: 'unknown' };
    const { user } = (await response.json()) as UserBody;
    return { kind: 'user', userId: user.userId };
  } catch {
    return { kind: 'unknown' };
  }
}
