import type { EngineMessage, TabMessage } from './messages.ts';

/**
 * What goes over a person's channel: it stands in for ports where there is no SharedWorker, carries what an engine
 * relays for its tabs to the one that works, and lets engines of two builds agree on which of them that is.
 */
export type ChannelMessage =
  | { readonly from: string; readonly message: TabMessage }
  | { readonly to: string; readonly message: EngineMessage }
  /** An engine works from now on: every tab is to say hello. */
  | { readonly started: string }
  /** An engine of this build wants to work: an older one lets it. */
  | { readonly wanted: number }
  /** An engine of this build works, or is about to, and does not give way to the one that asked. */
  | { readonly kept: number };

/** The part of a BroadcastChannel that is needed. */
export interface Channel {
  postMessage(message: ChannelMessage): void;
  onmessage: ((event: MessageEvent<ChannelMessage>) => void) | null;
}

export const channelName = (userId: string): string => `parley-${userId}`;
