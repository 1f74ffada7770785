import { shallowRef } from 'vue';

/** The dialog over the whole chat, if one is open: each can be opened from several places. */
export const overlay = shallowRef<'switcher' | 'shortcuts' | 'settings' | null>(null);
