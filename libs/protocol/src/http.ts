import type { ErrorCode } from './errors.ts';
import type { Attachment, OwnUser, User } from './model.ts';

/** `POST /api/accounts` */
export interface CreateAccountBody {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

/** `POST /api/sessions` */
export interface CreateSessionBody {
  readonly email: string;
  readonly password: string;
}

/** 201 of accounts and sessions, 200 of `GET /api/me`. */
export interface UserBody {
  readonly user: OwnUser;
}

/** `GET /api/users?query=` */
export interface UsersBody {
  readonly users: readonly User[];
}

/** 201 of `POST /api/attachments`: multipart with one `file`, and USER_HEADER. */
export interface AttachmentBody {
  readonly attachment: Attachment;
}

/** The userId that the client expects to be signed in; `conflict` when the session is another user's. */
export const USER_HEADER = 'x-parley-user';

/** Every error of HTTP: RFC 9457, `application/problem+json`. */
export interface ProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly retryAfterMs?: number;
}

/** The HTTP status of each error code. */
export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  not_member: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
  unknown_action: 400,
} as const satisfies Record<ErrorCode, number>;
