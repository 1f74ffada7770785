import { createRouter, createWebHistory, type Router } from 'vue-router';
import { safePath } from '../composables/use-next-page.ts';
import ChatPage from '../pages/ChatPage.vue';
import RoomView from '../components/room/RoomView.vue';
import WelcomePane from '../components/shell/WelcomePane.vue';
import { useSessionStore } from '../stores/session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may see the page; missing: every visitor. */
    for?: 'signed-in' | 'signed-out';
  }
}

/** The pages. One that needs a session redirects to log in, which leads back to it. */
export function createParleyRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/login', component: () => import('../pages/LogInPage.vue'), meta: { for: 'signed-out' } },
      { path: '/signup', component: () => import('../pages/SignUpPage.vue'), meta: { for: 'signed-out' } },
      {
        path: '/join/:token',
        component: () => import('../pages/JoinPage.vue'),
        props: true,
        meta: { for: 'signed-in' },
      },
      {
        path: '/',
        component: ChatPage,
        meta: { for: 'signed-in' },
        children: [
          { path: '', component: WelcomePane },
          { path: 'rooms/:roomId', component: RoomView, props: true },
        ],
      },
      { path: '/:path(.*)*', component: () => import('../pages/NotFoundPage.vue') },
    ],
  });

  router.beforeEach(async (to) => {
    const session = useSessionStore();
    if (!(await session.load())) return false;
    const signedIn = session.user !== null;
    if (to.meta.for === 'signed-in' && !signedIn) {
      return { path: '/login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
    }
    if (to.meta.for === 'signed-out' && signedIn) return safePath(to.query['next']);
    return true;
  });
  return router;
}
