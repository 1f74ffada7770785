import { randomUUID } from 'node:crypto';
import type { CreateAccountBody, CreateSessionBody, OwnUser, UserBody } from '@parley/protocol';

export interface SignedIn {
  /** For a Cookie header. */
  readonly cookie: string;
  readonly user: OwnUser;
}

export interface SignedUp extends SignedIn {
  readonly email: string;
  readonly password: string;
}

/** Creates an account on a running Parley, with unique defaults. Rejects unless the status is 201. */
export async function signUp(httpUrl: string, account: Partial<CreateAccountBody> = {}): Promise<SignedUp> {
  const body: CreateAccountBody = {
    displayName: 'Ada Lovelace',
    email: `${randomUUID()}@example.org`,
    password: 'correct horse',
    ...account,
  };
  return { ...(await startSession(httpUrl, '/api/accounts', body)), email: body.email, password: body.password };
}

/** Logs in to a running Parley. Rejects unless the status is 201. */
export function signIn(httpUrl: string, { email, password }: CreateSessionBody): Promise<SignedIn> {
  return startSession(httpUrl, '/api/sessions', { email, password });
}

async function startSession(
  httpUrl: string,
  path: string,
  body: CreateAccountBody | CreateSessionBody,
): Promise<SignedIn> {
  const response = await fetch(new URL(path, httpUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(httpUrl).origin },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${path} was answered with ${response.status}.`);
  const [cookie] = response.headers.getSetCookie().map((header) => header.split(';')[0] ?? '');
  if (cookie === undefined) throw new Error(`${path} set no cookie.`);
  const { user } = (await response.json()) as UserBody;
  return { cookie, user };
}
