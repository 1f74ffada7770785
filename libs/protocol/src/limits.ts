/** The bounds of the wire. Lengths of texts are in UTF-16 units, sizes in bytes, times in milliseconds. */
export const LIMITS = {
  frameBytes: 64 * 1024,
  pageBytes: 256 * 1024,
  commandsPerFrame: 64,
  commandIdLength: 64,
  textLength: 8_000,
  roomNameLength: 120,
  displayNameLength: 60,
  emailLength: 254,
  passwordMinLength: 8,
  passwordMaxLength: 128,
  membersPerCreateRoom: 100,
  messagesPerPage: 100,
  eventsPerPage: 200,
  membersPerPage: 100,
  usersPerSearch: 20,
  membersInRoom: 5,
  lastMessageTextLength: 200,
  attachmentsPerMessage: 8,
  attachmentBytes: 10 * 1024 * 1024,
  attachmentPixels: 33_000_000,
  mentionsPerMessage: 50,
  emojiLength: 32,
  /** Different emoji under one message. */
  reactionsPerMessage: 20,
  usersPerReaction: 50,
  messagesPerFind: 100,
  searchQueryLength: 200,
  messagesPerSearch: 50,
  usersPerPresence: 100,
  invitationsPerRoom: 50,
  /** Larger rooms have receipts only on request. */
  membersWithReceipts: 50,
  /** Larger rooms have presence only on request. */
  membersWithPresence: 200,
} as const;

/** The limits in the answer of create_connection. */
export interface ConnectionLimits {
  readonly frameBytes: number;
  readonly textLength: number;
  readonly roomNameLength: number;
  readonly membersPerCreateRoom: number;
  readonly attachmentsPerMessage: number;
  readonly attachmentBytes: number;
  /** Sustained rate of one connection; 0: no limit. */
  readonly commandsPerSecond: number;
  /** Commands that one connection may send at once. */
  readonly commandsBurst: number;
}

export const PROTOCOL_VERSION = 1;
/** The server sends a frame at least this often; `[]` if it has nothing to send. */
export const HEARTBEAT_MS = 25_000;
/** Minimum time between two set_typing of a client. */
export const TYPING_INTERVAL_MS = 3_000;
/** How long a user is shown as typing after a typing event. */
export const TYPING_SHOWN_MS = 5_000;
/** A client sends set_away after this time without input in any tab. */
export const AWAY_AFTER_MS = 5 * 60_000;
export const INVITATION_DAYS = 7;
export const SESSION_DAYS = 30;
export const SESSION_COOKIE = 'parley_session';
export const WEBSOCKET_PATH = '/ws';
