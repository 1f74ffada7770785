import type { CreateAccountBody, CreateSessionBody, OwnUser } from '@parley/protocol';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { createAccount, createSession, deleteSession, getOwnUser } from '../api/accounts.ts';
import { useEngineStore } from './engine.ts';

/** The user who was signed in last: the app opens as theirs at once, and the engine detects a change. */
const STORAGE_KEY = 'parley-user';

/** Who is signed in. */
export const useSessionStore = defineStore('session', () => {
  const engine = useEngineStore();
  /** Shallow: the object itself is posted to the engine. */
  const user = shallowRef<OwnUser | null>(null);
  /** The server could not be asked who is signed in. */
  const unreachable = ref(false);
  /** The user is logging out: the end of the session is expected. */
  const leaving = ref(false);
  let known = false;

  /** Asks the server for the signed-in user, unless this browser remembers. @returns whether the answer is known. */
  async function load(): Promise<boolean> {
    if (known) return true;
    const remembered = localStorage.getItem(STORAGE_KEY);
    if (remembered !== null) {
      user.value = JSON.parse(remembered) as OwnUser;
      known = true;
      return true;
    }
    try {
      enter(await getOwnUser());
      known = true;
      unreachable.value = false;
    } catch {
      unreachable.value = true;
    }
    return known;
  }

  async function signUp(body: CreateAccountBody): Promise<void> {
    enter(await createAccount(body));
  }

  async function logIn(body: CreateSessionBody): Promise<void> {
    enter(await createSession(body));
  }

  async function logOut(): Promise<void> {
    leaving.value = true;
    try {
      await deleteSession();
      await engine.request('clear_cache', {});
      forget();
    } finally {
      leaving.value = false;
    }
  }

  /** The session has ended or belongs to another user. */
  function forget(): void {
    localStorage.removeItem(STORAGE_KEY);
    user.value = null;
  }

  function enter(signedIn: OwnUser | null): void {
    if (signedIn) localStorage.setItem(STORAGE_KEY, JSON.stringify(signedIn));
    user.value = signedIn;
  }

  engine.onPatch('reload', ({ sameUser }) => {
    if (!sameUser) forget();
    location.reload();
  });

  return { user, unreachable, leaving, load, signUp, logIn, logOut, forget };
});
