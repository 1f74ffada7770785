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
