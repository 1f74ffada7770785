/** How many rooms, users, sessions or positions one call between services may name. Callers split what is longer. */
export const MAX_PER_CALL = 1_000;

/** Bytes as JSON of a log entry's data, of a kind that this release does not know. */
export const MAX_UNKNOWN_DATA_BYTES = 64 * 1024;
