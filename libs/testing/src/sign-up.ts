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

/** Makes an account at a running Parley. What is not given is made up and unique. Rejects unless it is a 201. */
export async function signUp(httpUrl: string, person: Partial<CreateAccountBody> = {}): Promise<SignedUp> {
  const body: CreateAccountBody = {
    displayName: 'Ada Lovelace',
    email: `${randomUUID()}@example.org`,
    password: 'correct horse',
    ...person,
  };
  return { ...(await enter(httpUrl, '/api/accounts', body)), email: body.email, password: body.password };
}

/** Logs in at a running Parley. Rejects unless it is a 201. */
export function signIn(httpUrl: string, { email, password }: CreateSessionBody): Promise<SignedIn> {
  return enter(httpUrl, '/api/sessions', { email, password });
}

async function enter(httpUrl: string, path: string, body: CreateAccountBody | CreateSessionBody): Promise<SignedIn> {
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
