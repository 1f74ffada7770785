// Runs before the first paint, so that a chosen theme does not flash; src/composables/use-theme.ts has the rest.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('parley-theme');
  } catch {
    // Storage is blocked: the system's theme it is.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
