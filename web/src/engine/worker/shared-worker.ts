import { browserEnvironment, userOfWorker } from './browser-environment.ts';
import { Engine } from './engine.ts';
import type { EngineMessage, TabMessage } from '../protocol/messages.ts';

/** The scope of a SharedWorker; the project's types are those of a page. */
declare const self: EventTarget & { readonly name: string; onconnect: ((event: MessageEvent) => void) | null };

const engine = new Engine(browserEnvironment(userOfWorker(self.name)));

self.onconnect = ({ ports }) => {
  for (const port of ports) {
    const receive = engine.accept((message: EngineMessage) => port.postMessage(message));
    port.onmessage = ({ data }: MessageEvent<TabMessage>) => receive(data);
  }
};
self.addEventListener('online', () => engine.networkIsBack());
