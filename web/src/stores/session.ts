import type { CreateAccountBody, CreateSessionBody, OwnUser } from '@parley/protocol';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { createAccount, createSession, deleteSession, getOwnUser } from '../api/accounts.ts';

/** Who is signed in. */
export const useSessionStore = defineStore('session', () => {
  /** Not made reactive inside: it is posted to the engine as it is. */
  const user = shallowRef<OwnUser | null>(null);
  /** The server could not be asked who is signed in. */
  const unreachable = ref(false);
  /** One is logging out by oneself: that the session ends then is no news. */
  const leaving = ref(false);
  let known = false;

  /** Asks the server whose session this is, unless it is known. @returns whether it is known now. */
  async function load(): Promise<boolean> {
    if (known) return true;
    try {
      user.value = await getOwnUser();
      known = true;
      unreachable.value = false;
    } catch {
      unreachable.value = true;
    }
    return known;
  }

  async function signUp(body: CreateAccountBody): Promise<void> {
    user.value = await createAccount(body);
  }

  async function logIn(body: CreateSessionBody): Promise<void> {
    user.value = await createSession(body);
  }

  async function logOut(): Promise<void> {
    leaving.value = true;
    try {
      await deleteSession();
      user.value = null;
    } finally {
      leaving.value = false;
    }
  }

  /** The server says that the session is over. */
  function forget(): void {
    user.value = null;
  }

  return { user, unreachable, leaving, load, signUp, logIn, logOut, forget };
});
