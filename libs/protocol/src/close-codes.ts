/** Why the server closes a WebSocket, and whether the client reconnects. */
export const CLOSE_CODES = {
  /** After delete_connection. */
  normal: { code: 1000, reconnect: 'no' },
  /** A frame that is not JSON. */
  unparsable: { code: 1007, reconnect: 'backoff' },
  /** A frame over 64 KiB. */
  frameTooLarge: { code: 1009, reconnect: 'backoff' },
  /** The gateway restarts. */
  restart: { code: 1012, reconnect: 'jitter' },
  overloaded: { code: 1013, reconnect: 'backoff' },
  /** The session ended or expired: sign in again. */
  sessionEnded: { code: 4001, reconnect: 'no' },
  /** The server does not speak this protocol: reload the page. */
  protocolNotSupported: { code: 4002, reconnect: 'reload' },
  /** Over 1 MiB of events waiting for this client. */
  tooSlow: { code: 4008, reconnect: 'backoff' },
} as const satisfies Record<string, { code: number; reconnect: 'no' | 'backoff' | 'jitter' | 'reload' }>;

export type CloseReason = keyof typeof CLOSE_CODES;
