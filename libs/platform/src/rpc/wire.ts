import type { WireError } from '@parley/protocol';

/** `POST {endpoint}/rpc/{method}`, the request as JSON; the answer is JSON with 200, or nothing with 204. */
export const RPC_PATH = '/rpc/';

/**
 * The body of an error of the method itself. An answer of 400 and above without it comes from the transport (a wrong
 * token, an unknown method, a server that closes) and has nothing to do with the user.
 */
export interface RpcErrorBody {
  readonly error: WireError;
}

export const RPC_ERROR_STATUS = 422;

/** The content type of a request or an answer whose body is its `content`. */
export const BINARY = 'application/octet-stream';
/** The other fields of a message with a binary body, as JSON in base64url. */
export const FIELDS_HEADER = 'x-parley-fields';

export const encodeFields = (fields: object): string => Buffer.from(JSON.stringify(fields)).toString('base64url');

export function decodeFields(header: string | readonly string[] | undefined): object {
  return JSON.parse(Buffer.from(String(header), 'base64url').toString()) as object;
}
