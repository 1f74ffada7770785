import type { CreateAccountBody, CreateSessionBody, OwnUser, User, UserBody, UsersBody } from '@parley/protocol';
import { HttpError, requestJson } from './http.ts';

/** Creates an account and signs in. @throws HttpError: conflict when the address is taken. */
export async function createAccount(body: CreateAccountBody): Promise<OwnUser> {
  return ownUser(await requestJson('/api/accounts', { method: 'POST', body }));
}

/** Signs in. @throws HttpError: unauthenticated for an unknown address and a wrong password alike. */
export async function createSession(body: CreateSessionBody): Promise<OwnUser> {
  return ownUser(await requestJson('/api/sessions', { method: 'POST', body }));
}

export async function deleteSession(): Promise<void> {
  await requestJson('/api/sessions/current', { method: 'DELETE' });
}

/** The signed-in user; null if there is none. */
export async function getOwnUser(): Promise<OwnUser | null> {
  try {
    return ownUser(await requestJson('/api/me'));
  } catch (error) {
    if (error instanceof HttpError && error.code === 'unauthenticated') return null;
    throw error;
  }
}

/** Users whose display name begins with the query, or whose e-mail address equals it. At most 20. */
export async function searchUsers(query: string, signal: AbortSignal): Promise<readonly User[]> {
  const body = await requestJson(`/api/users?query=${encodeURIComponent(query)}`, { signal });
  return (body as UsersBody).users;
}

function ownUser(body: unknown): OwnUser {
  return (body as UserBody).user;
}
