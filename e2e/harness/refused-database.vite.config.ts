import { join } from 'node:path';
import webConfig from '../../web/vite.config.ts';

const DATABASE = /worker\/database\.ts$/;
const REFUSAL = `Object.defineProperty(indexedDB, 'open', {
  value: () => { throw new DOMException('This browser stores nothing.', 'SecurityError'); },
});\n`;

/** Puts the engine into a browser that refuses IndexedDB, as some do in private windows. */
const refusedDatabase = () => ({
  name: 'parley-refused-database',
  enforce: 'pre' as const,
  transform: (code: string, id: string): string | undefined => (DATABASE.test(id) ? code + REFUSAL : undefined),
});

export default {
  ...webConfig,
  root: join(import.meta.dirname, '..', '..', 'web'),
  worker: { ...webConfig.worker, plugins: () => [refusedDatabase()] },
};
