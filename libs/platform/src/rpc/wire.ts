import type { WireError } from '@parley/protocol';

/** `POST {endpoint}/rpc/{method}`, the request as JSON; the answer is JSON with 200, or nothing with 204. */
export const RPC_PATH = '/rpc/';

/**
 * How an error of the method itself travels, with whatever status: an answer of 400 and above without it was made by the
 * transport (a wrong token, an unknown method, a server that closes) and says nothing about the person who asked.
 */
export interface RpcErrorBody {
  readonly error: WireError;
}

export const RPC_ERROR_STATUS = 422;

/** Of a request (its `content` a Uint8Array) or an answer (a Readable) whose `content` is the body as it is. */
export const BINARY = 'application/octet-stream';
/** Beside a binary body: the other fields, as JSON in base64url. */
export const FIELDS_HEADER = 'x-parley-fields';

export const encodeFields = (fields: object): string => Buffer.from(JSON.stringify(fields)).toString('base64url');

export function decodeFields(header: string | readonly string[] | undefined): object {
  return JSON.parse(Buffer.from(String(header), 'base64url').toString()) as object;
}
