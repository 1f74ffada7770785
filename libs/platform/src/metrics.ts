import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of a process: those of Node, and those that its parts register. Each has the label `process`. */
export function createRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  return registry;
}
