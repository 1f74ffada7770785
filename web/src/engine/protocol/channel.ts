import type { EngineMessage, TabMessage } from './messages.ts';

/**
 * The messages on a user's channel. It replaces ports where there is no SharedWorker, carries what an engine relays
 * between its tabs and the working engine, and lets engines of two builds agree which of them works.
 */
export type ChannelMessage =
  | { readonly from: string; readonly message: TabMessage }
  | { readonly to: string; readonly message: EngineMessage }
  /** An engine has started to work: every tab sends it a hello. */
  | { readonly started: string }
  /** An engine of this build wants to work: an older one gives way. */
  | { readonly wanted: number }
  /** An engine of this build works, or is about to, and does not give way. */
  | { readonly kept: number };

/** The part of a BroadcastChannel that the engine uses. */
export interface Channel {
  postMessage(message: ChannelMessage): void;
  onmessage: ((event: MessageEvent<ChannelMessage>) => void) | null;
}

export const channelName = (userId: string): string => `parley-${userId}`;
