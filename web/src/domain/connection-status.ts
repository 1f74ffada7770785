/** The state of the engine's connection to the server. Times are milliseconds since the epoch. */
export type ConnectionStatus =
  | { readonly status: 'connecting' }
  | { readonly status: 'online' }
  /** The server is unreachable; the engine tries again at `nextTryAt`. */
  | { readonly status: 'waiting'; readonly nextTryAt: number; readonly reason: 'offline' | 'unreachable' | 'restart' }
  /** The session is over: the user has to log in again. */
  | { readonly status: 'ended' }
  /** The page is too old for the server and has to be reloaded. */
  | { readonly status: 'outdated' };
