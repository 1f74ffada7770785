/** Injection token of the SqliteDatabase that holds this service's tables. */
export const SQLITE_DATABASE = Symbol('SqliteDatabase');
