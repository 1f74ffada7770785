/** `npm start`: serves Parley, with all services in this process. */
import { defineCommand, parseCommandLine } from './command-line.ts';

const START = defineCommand({
  name: 'npm start',
  summary: `Serves Parley in one process, with its data in ./data. Environment variables set the port, the data folder and
more, such as PARLEY_PORT and PARLEY_DATA_DIR: see docs/settings.md. Ctrl-C stops it.`,
  examples: ['PARLEY_PORT=8090 npm start'],
});

parseCommandLine(START);
// By URL: the service is built, and its types are not needed here.
await import(new URL('../../services/standalone/dist/main.js', import.meta.url).href);
