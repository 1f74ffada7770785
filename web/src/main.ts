import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { createParleyRouter } from './app/router.ts';
import { keepAppForOffline } from './offline/register.ts';
import InsecureOriginPage from './pages/InsecureOriginPage.vue';
import './styles/main.css';

if (window.isSecureContext) {
  createApp(App).use(createPinia()).use(createParleyRouter()).mount('#app');
  keepAppForOffline();
} else {
  // Web Locks and the session's Secure cookie are missing here: nothing of the app would work.
  createApp(InsecureOriginPage).mount('#app');
}
