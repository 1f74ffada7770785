import type { Post } from './hub.ts';
import type { EngineMessage, TabMessage } from './messages.ts';

/** What goes over the channel that stands in for ports where there is no SharedWorker. */
export type ChannelMessage =
  | { readonly from: string; readonly message: TabMessage }
  | { readonly to: string; readonly message: EngineMessage }
  /** An engine has started: every tab is to say hello. */
  | { readonly started: string };

/** The part of a BroadcastChannel that is needed. */
export interface Channel {
  postMessage(message: ChannelMessage): void;
  onmessage: ((event: MessageEvent<ChannelMessage>) => void) | null;
}

export const channelName = (userId: string): string => `parley-${userId}`;

/** Gives an engine the tabs of a channel as if each had a port. */
export function serveChannel(
  channel: Channel,
  engineId: string,
  accept: (post: Post) => (message: TabMessage) => void,
): void {
  const tabs = new Map<string, (message: TabMessage) => void>();
  channel.onmessage = ({ data }) => {
    if (!('from' in data)) return;
    const receive = tabs.get(data.from) ?? accept((message) => channel.postMessage({ to: data.from, message }));
    if (data.message.kind === 'bye') tabs.delete(data.from);
    else tabs.set(data.from, receive);
    receive(data.message);
  };
  channel.postMessage({ started: engineId });
}
