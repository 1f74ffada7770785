import { usePreferredDark } from '@vueuse/core';
import { ref, watch } from 'vue';

type ThemeChoice = 'system' | 'light' | 'dark';

/** public/theme.js reads the same key before the first paint. */
const STORAGE_KEY = 'parley-theme';

const choice = ref<ThemeChoice>(storedChoice());

/** The chosen theme; setting it applies and stores it. */
export function useThemeChoice() {
  return choice;
}

/** Applies the chosen theme, or the system's as it changes. Called once, by the root component. */
export function useTheme(): void {
  const systemIsDark = usePreferredDark();
  watch(
    () => (choice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : choice.value),
    (theme) => {
      document.documentElement.dataset['theme'] = theme;
      const background = getComputedStyle(document.documentElement).backgroundColor;
      document.querySelector('meta[name="theme-color"]')?.setAttribute('content', background);
    },
    { immediate: true },
  );
  watch(choice, (chosen) => localStorage.setItem(STORAGE_KEY, chosen));
}

function storedChoice(): ThemeChoice {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
