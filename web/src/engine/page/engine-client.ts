import type { OwnUser } from '@parley/protocol';
import { uuidv7 } from '../../domain/ids.ts';
import { webLocks } from '../protocol/locks.ts';
import type { Intent, Intents } from '../protocol/messages.ts';
import { openChannelPort, openSharedWorkerPort } from './ports.ts';
import { Tab, type EngineListener } from './tab.ts';

export { IntentError, type EngineListener } from './tab.ts';

/** The engine as the stores use it. */
export interface EngineClient {
  /** Identifies this tab among all tabs of the engine. */
  readonly tabId: string;
  /** Sends an intent; rejects with an IntentError that carries the wire's error. Survives an engine that restarts. */
  request<I extends Intent>(intent: I, data: Intents[I]['data']): Promise<Intents[I]['ok']>;
  close(): void;
}

/** A covered window may have no frames for long although it counts as visible. */
const FRAME_AT_LATEST_MS = 100;

function beforeFrame(run: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (!isDone) run();
    isDone = true;
  };
  requestAnimationFrame(once);
  setTimeout(once, FRAME_AT_LATEST_MS);
}

/**
 * Connects this tab to the user's engine, and starts it if none runs: in a SharedWorker, or, where the browser has none,
 * in a dedicated worker of one of the tabs. Needs Web Locks, so a secure origin.
 */
export function connectEngine(user: OwnUser, listener: EngineListener): EngineClient {
  const tabId = uuidv7();
  const locks = webLocks(navigator.locks);
  const isVisible = (): boolean => document.visibilityState === 'visible';
  const tab: Tab = new Tab(
    {
      ...{ tabId, user, locks, isVisible },
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      beforeFrame,
      openPort: (receive) =>
        'SharedWorker' in globalThis
          ? openSharedWorkerPort(user.userId, receive)
          : openChannelPort({ userId: user.userId, tabId, locks }, receive),
    },
    listener,
  );
  const leaving = new AbortController();
  const { signal } = leaving;
  document.addEventListener('visibilitychange', () => tab.visibilityChanged(), { signal });
  // Restored from the back/forward cache, or thawed.
  window.addEventListener('pageshow', () => tab.check(), { signal });
  document.addEventListener('resume', () => tab.check(), { signal });
  return {
    tabId,
    request: (intent, data) => tab.request(intent, data),
    close: () => {
      leaving.abort();
      tab.close();
    },
  };
}
