import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of one process: Node's own, and what its parts register with it. `process` labels every one of them. */
export function createRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  return registry;
}
