import { createHash, randomBytes } from 'node:crypto';

/** A bearer secret of `bytes` random bytes, in base64url. */
export const createSecretToken = (bytes: number): string => randomBytes(bytes).toString('base64url');

/**
 * SHA-256 in hex. The database stores this digest instead of the token. An unsalted digest suffices, because 24 random
 * bytes cannot be guessed.
 */
export const digestToken = (token: string): string => createHash('sha256').update(token).digest('hex');
