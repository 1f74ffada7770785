import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11000;
const UNAUTHORIZED = 13;

export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;

/** The database user lacks the privilege for this command. */
export const isUnauthorized = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === UNAUTHORIZED;
