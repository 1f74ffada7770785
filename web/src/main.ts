import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { reloadOnce } from './app/reload-once.ts';
import { createParleyRouter } from './app/router.ts';
import { preferredLocale, showLocale } from './i18n/i18n.ts';
import { keepAppForOffline } from './offline/register.ts';
import InsecureOriginPage from './pages/InsecureOriginPage.vue';
import './styles/main.css';

try {
  await showLocale(preferredLocale());
} catch (failure) {
  // The server has a newer build, or cannot be reached.
  reloadOnce();
  throw failure;
}

if (window.isSecureContext) {
  createApp(App).use(createPinia()).use(createParleyRouter()).mount('#app');
  keepAppForOffline();
} else {
  // Without a secure context there are no Web Locks and no Secure cookie: the app cannot work.
  createApp(InsecureOriginPage).mount('#app');
}
