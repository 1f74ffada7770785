import { createHash, randomBytes } from 'node:crypto';

/** A secret of so many random bytes, in base64url; whoever holds it may act. */
export const createSecretToken = (bytes: number): string => randomBytes(bytes).toString('base64url');

/**
 * SHA-256 in hex: what is stored in the place of a secret token, so that the database does not hold the secret. A plain
 * digest suffices, since nobody guesses 24 random bytes.
 */
export const digestToken = (token: string): string => createHash('sha256').update(token).digest('hex');
