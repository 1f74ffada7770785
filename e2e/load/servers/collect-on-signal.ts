/** Loaded into every measured Node process before its own code: SIGUSR2 collects its garbage. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
process.on('SIGUSR2', () => {
  collect();
  // What finalizers let go in the first is freed in the second.
  setImmediate(collect);
});
