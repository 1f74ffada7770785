export type Release = () => void;

export interface AcquireOptions {
  /** Stops waiting. */
  readonly signal?: AbortSignal;
  /** Takes the lock from its holder without waiting. */
  readonly steal?: boolean;
  /** Called once if the lock was stolen: it needs no release then. */
  readonly onLost?: () => void;
}

/** Exclusive locks of this browser, by name; the browser releases what a page or worker held when it ends. */
export interface Locks {
  /** Resolves once the lock is held. @throws AbortError when the signal ends the waiting first */
  acquire(name: string, options?: AcquireOptions): Promise<Release>;
}

/** Held by the one working engine of a user in this browser. */
export const engineLock = (userId: string): string => `parley-engine:${userId}`;
/** Held by a tab as long as it lives. */
export const tabLock = (tabId: string): string => `parley-tab:${tabId}`;
/** Held by the tab whose dedicated worker runs the engine, where there is no SharedWorker. */
export const hostLock = (userId: string): string => `parley-host:${userId}`;

export function webLocks(manager: LockManager): Locks {
  return {
    acquire: (name, { signal, steal, onLost } = {}) =>
      new Promise((resolve, reject) => {
        let isHeld = false;
        const hold = (): Promise<void> => {
          isHeld = true;
          return new Promise((release) => resolve(release));
        };
        manager
          .request(name, { ...(signal && { signal }), ...(steal && { steal }) }, hold)
          .catch((failure: Error) => (isHeld ? onLost?.() : reject(failure)));
      }),
  };
}
