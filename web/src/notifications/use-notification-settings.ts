import { readonly, ref, watch } from 'vue';

/** Stored per browser, for all of its users. */
interface StoredSettings {
  readonly wanted: boolean;
  readonly sound: boolean;
}

const STORAGE_KEY = 'parley-notifications';
const kept = load();

/** The browser's permission; `unsupported`: it has no notifications. */
export type Permission = NotificationPermission | 'unsupported';
const permission = ref<Permission>(readPermission());
const wanted = ref(kept.wanted);
const sound = ref(kept.sound);

watch([wanted, sound], ([isWanted, hasSound]) => {
  const now: StoredSettings = { wanted: isWanted, sound: hasSound };
  localStorage.setItem(STORAGE_KEY, JSON.stringify(now));
});
if (typeof window !== 'undefined') {
  window.addEventListener('storage', ({ key }) => {
    if (key !== STORAGE_KEY) return;
    ({ wanted: wanted.value, sound: sound.value } = load());
  });
}

/** Whether to notify of messages that arrive while no tab is visible, and how. The sound is off by default. */
export function useNotificationSettings() {
  /** Asks the browser for permission; called only from a click. */
  async function allow(): Promise<void> {
    permission.value = await Notification.requestPermission();
    wanted.value = permission.value === 'granted';
  }

  /** Reads the permission again: the user may have changed it in the browser's settings. */
  function refresh(): void {
    permission.value = readPermission();
  }

  return { permission: readonly(permission), wanted, sound, allow, refresh };
}

function readPermission(): Permission {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.permission;
}

function load(): StoredSettings {
  const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem(STORAGE_KEY);
  return stored === null ? { wanted: true, sound: false } : (JSON.parse(stored) as StoredSettings);
}
