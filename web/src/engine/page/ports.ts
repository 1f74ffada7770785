import type { UserId } from '@parley/protocol';
import { channelName, type ChannelMessage } from '../protocol/channel.ts';
import { hostLock, type Locks } from '../protocol/locks.ts';
import type { EngineMessage, TabMessage } from '../protocol/messages.ts';
import type { EnginePort } from './tab.ts';

type Receive = (message: EngineMessage) => void;

/**
 * Opens a port to the engine in the user's SharedWorker, which the first tab starts. A new engine announces itself on
 * the channel, where tabs of a crashed engine learn of it.
 */
export function openSharedWorkerPort(userId: UserId, receive: Receive): EnginePort {
  const channel = new BroadcastChannel(channelName(userId));
  channel.onmessage = ({ data }: MessageEvent<ChannelMessage>) => receiveStart(data, receive);
  const { port } = new SharedWorker(new URL('../worker/shared-worker.ts', import.meta.url), {
    type: 'module',
    name: `parley-${userId}`,
  });
  port.onmessage = ({ data }: MessageEvent<EngineMessage>) => receive(data);
  return {
    post: (message) => port.postMessage(message),
    close: () => {
      channel.close();
      port.close();
    },
  };
}

/**
 * Opens a port to the engine where there is no SharedWorker. The engine runs in a dedicated worker of the tab that holds
 * the host lock; when that tab ends, another tab gets the lock and starts an engine, which announces itself.
 */
export function openChannelPort(
  { userId, tabId, locks }: { userId: UserId; tabId: string; locks: Locks },
  receive: Receive,
): EnginePort {
  const channel = new BroadcastChannel(channelName(userId));
  const closing = new AbortController();
  channel.onmessage = ({ data }: MessageEvent<ChannelMessage>) => {
    if ('to' in data && data.to === tabId) receive(data.message);
    else receiveStart(data, receive);
  };
  void host(userId, locks, closing.signal);
  return {
    post: (message: TabMessage) => channel.postMessage({ from: tabId, message } satisfies ChannelMessage),
    close: () => {
      channel.close();
      closing.abort();
    },
  };
}

function receiveStart(message: ChannelMessage, receive: Receive): void {
  if ('started' in message) receive({ kind: 'patches', engineId: message.started, patches: [] });
}

async function host(userId: UserId, locks: Locks, closing: AbortSignal): Promise<void> {
  let release;
  try {
    release = await locks.acquire(hostLock(userId), { signal: closing });
  } catch {
    // Aborted: this tab closed while it waited for the lock.
    return;
  }
  const worker = new Worker(new URL('../worker/dedicated-worker.ts', import.meta.url), {
    type: 'module',
    name: `parley-${userId}`,
  });
  closing.addEventListener('abort', () => {
    worker.terminate();
    release();
  });
}
