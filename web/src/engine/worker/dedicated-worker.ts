import { browserEnvironment, userOfWorker } from './browser-environment.ts';
import { Engine } from './engine.ts';

/** The scope of a dedicated worker; the project's types are those of a page. */
declare const self: EventTarget & { readonly name: string };

const engine = new Engine(browserEnvironment(userOfWorker(self.name)));

self.addEventListener('online', () => engine.networkIsBack());
