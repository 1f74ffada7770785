import { browserEnvironment, userOfWorker } from './browser-environment.ts';
import { channelName, serveChannel } from './channel.ts';
import { Engine } from './engine.ts';

/** The scope of a dedicated worker; the project's types are those of a page. */
declare const self: EventTarget & { readonly name: string };

const userId = userOfWorker(self.name);
const engine = new Engine(browserEnvironment(userId));

void engine.started().then(() => {
  serveChannel(new BroadcastChannel(channelName(userId)), engine.engineId, (post) => engine.accept(post));
});
self.addEventListener('online', () => engine.networkIsBack());
