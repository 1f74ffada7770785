import { readonly, ref, watch } from 'vue';

/** Kept in this browser, for each of its people the same. */
interface Kept {
  readonly wanted: boolean;
  readonly sound: boolean;
}

const STORAGE_KEY = 'parley-notifications';
const kept = load();

/** What the browser lets Parley do; `unsupported`: it has no notifications at all. */
export type Permission = NotificationPermission | 'unsupported';
const permission = ref<Permission>(readPermission());
const wanted = ref(kept.wanted);
const sound = ref(kept.sound);

watch([wanted, sound], ([isWanted, hasSound]) => {
  const now: Kept = { wanted: isWanted, sound: hasSound };
  localStorage.setItem(STORAGE_KEY, JSON.stringify(now));
});
if (typeof window !== 'undefined') {
  window.addEventListener('storage', ({ key }) => {
    if (key !== STORAGE_KEY) return;
    ({ wanted: wanted.value, sound: sound.value } = load());
  });
}

/** Whether to tell of messages that nobody looks at, and how. The sound is off until it is chosen. */
export function useNotificationSettings() {
  /** Asks the browser: only ever because a person pressed a button. */
  async function allow(): Promise<void> {
    permission.value = await Notification.requestPermission();
    wanted.value = permission.value === 'granted';
  }

  /** The person may have changed it in the browser's own settings. */
  function refresh(): void {
    permission.value = readPermission();
  }

  return { permission: readonly(permission), wanted, sound, allow, refresh };
}

function readPermission(): Permission {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.permission;
}

function load(): Kept {
  const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem(STORAGE_KEY);
  return stored === null ? { wanted: true, sound: false } : (JSON.parse(stored) as Kept);
}
