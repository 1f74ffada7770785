import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface Count<Label extends string> {
  inc(labels: Readonly<Record<Label, string>>): void;
}

/** What a gateway counts and measures. Times are in seconds. */
export interface GatewayMetrics {
  readonly commands: Count<'action' | 'code'>;
  readonly commandSeconds: {
    observe(labels: { readonly action: string; readonly code: string }, seconds: number): void;
  };
  readonly deliveries: { inc(count: number): void };
  /** From an entry's own time, which another machine's clock gave it, to its coming over the bus. */
  readonly busLag: { observe(seconds: number): void };
  readonly gapsFilled: { inc(): void };
  readonly busReconnects: { inc(): void };
  readonly opened: { inc(): void };
  readonly closed: Count<'reason'>;
}

export function createMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  return {
    commands: new Counter({
      name: 'parley_commands_total',
      help: 'Commands answered, by action and by the code of the error or ok',
      labelNames: ['action', 'code'],
      registers,
    }),
    commandSeconds: new Histogram({
      name: 'parley_command_seconds',
      help: 'How long commands took to be answered',
      labelNames: ['action', 'code'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    deliveries: counter('parley_deliveries_total', 'Frames of events handed to connections'),
    busLag: new Histogram({
      name: 'parley_bus_lag_seconds',
      help: 'From the storing of entries to their coming over the bus',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
    gapsFilled: counter(
      'parley_gaps_filled_total',
      'Pages of a log that were fetched because the bus did not bring them',
    ),
    busReconnects: counter('parley_bus_reconnects_total', 'Times that the bus was back and may have lost something'),
    opened: counter('parley_connections_opened_total', 'WebSockets that were opened; people who reconnect count again'),
    closed: new Counter({
      name: 'parley_connections_closed_total',
      help: 'WebSockets that were closed, by the reason of the close code (tooSlow: slow consumers), or gone',
      labelNames: ['reason'],
      registers,
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
