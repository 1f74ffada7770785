import { Counter, Gauge, type Registry } from 'prom-client';

/** What a gateway counts. */
export interface GatewayMetrics {
  readonly commands: { inc(labels: { readonly action: string; readonly code: string }): void };
  readonly deliveries: { inc(count: number): void };
}

export function createMetrics(registry: Registry): GatewayMetrics {
  return {
    commands: new Counter({
      name: 'parley_commands_total',
      help: 'Commands answered, by action and by the code of the error or ok',
      labelNames: ['action', 'code'],
      registers: [registry],
    }),
    deliveries: new Counter({
      name: 'parley_deliveries_total',
      help: 'Frames of events handed to connections',
      registers: [registry],
    }),
  };
}

export function watchConnections(registry: Registry, count: () => number): void {
  new Gauge({
    name: 'parley_connections',
    help: 'WebSockets that are open',
    registers: [registry],
    collect() {
      this.set(count());
    },
  });
}

/** Injection token of the GatewayMetrics. */
export const METRICS = Symbol('GatewayMetrics');
