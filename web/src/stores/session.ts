import type { CreateAccountBody, CreateSessionBody, OwnUser } from '@parley/protocol';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { createAccount, createSession, deleteSession, getOwnUser } from '../api/accounts.ts';

/** Who was signed in here last: the app opens as theirs at once, and the engine finds out if that has changed. */
const STORAGE_KEY = 'parley-user';

/** Who is signed in. */
export const useSessionStore = defineStore('session', () => {
  /** Not made reactive inside: it is posted to the engine as it is. */
  const user = shallowRef<OwnUser | null>(null);
  /** The server could not be asked who is signed in. */
  const unreachable = ref(false);
  /** One is logging out by oneself: that the session ends then is no news. */
  const leaving = ref(false);
  let known = false;

  /** Asks the server whose session this is, unless this browser knows. @returns whether it is known now. */
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

  /** @param clear run when the session has ended, before the person is forgotten */
  async function logOut(clear: () => Promise<unknown>): Promise<void> {
    leaving.value = true;
    try {
      await deleteSession();
      await clear();
      forget();
    } finally {
      leaving.value = false;
    }
  }

  /** The server says that the session is over, or someone else's. */
  function forget(): void {
    localStorage.removeItem(STORAGE_KEY);
    user.value = null;
  }

  function enter(signedIn: OwnUser | null): void {
    if (signedIn) localStorage.setItem(STORAGE_KEY, JSON.stringify(signedIn));
    user.value = signedIn;
  }

  return { user, unreachable, leaving, load, signUp, logIn, logOut, forget };
});
