/** All of Parley in one process. */
export { startStandalone, type Standalone } from './start.ts';
