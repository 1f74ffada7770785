import { join } from 'node:path';
import webConfig from '../../web/vite.config.ts';

const SCHEMA = /worker\/database-schema\.ts$/;
const END_OF_MIGRATIONS = '\n];\n\nexport const VERSION';

/** A migration more than this build has, as a later one will bring it. */
const nextVersion = () => ({
  name: 'parley-next-database-version',
  enforce: 'pre' as const,
  transform(code: string, id: string): string | undefined {
    if (!SCHEMA.test(id)) return undefined;
    if (!code.includes(END_OF_MIGRATIONS)) throw new Error('The migrations are not where they were.');
    const migration = `\n  (database) => { database.createObjectStore('later'); },`;
    return code.replace(END_OF_MIGRATIONS, `${migration}${END_OF_MIGRATIONS}`);
  },
});

export default {
  ...webConfig,
  root: join(import.meta.dirname, '..', '..', 'web'),
  worker: { ...webConfig.worker, plugins: () => [nextVersion()] },
};
