/** The error codes of the wire and of HTTP's problem details, and whether the same request may succeed later. */
export const ERROR_CODES = {
  invalid: { retryable: false },
  unauthenticated: { retryable: false },
  not_member: { retryable: false },
  forbidden: { retryable: false },
  not_found: { retryable: false },
  conflict: { retryable: false },
  too_large: { retryable: false },
  rate_limited: { retryable: true },
  unavailable: { retryable: true },
  internal: { retryable: true },
  unknown_action: { retryable: false },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface WireError {
  readonly code: ErrorCode;
  /** For users; tells them what to do. */
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}
