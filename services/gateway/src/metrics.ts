import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface LabelledCounter<Label extends string> {
  inc(labels: Readonly<Record<Label, string>>): void;
}

/** The metrics of a gateway. Times are in seconds. */
export interface GatewayMetrics {
  readonly commands: LabelledCounter<'action' | 'code'>;
  readonly commandSeconds: {
    observe(labels: { readonly action: string; readonly code: string }, seconds: number): void;
  };
  readonly deliveries: { inc(count: number): void };
  /** From an entry's time, set by the clock of a message service, to its arrival over the bus. */
  readonly busLag: { observe(seconds: number): void };
  readonly gapsFilled: { inc(): void };
  readonly busReconnects: { inc(): void };
  readonly opened: { inc(): void };
  readonly closed: LabelledCounter<'reason'>;
}

export function createMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  return {
    commands: new Counter({
      name: 'parley_commands_total',
      help: 'Answered commands, by action and by error code or ok',
      labelNames: ['action', 'code'],
      registers,
    }),
    commandSeconds: new Histogram({
      name: 'parley_command_seconds',
      help: 'Duration of commands',
      labelNames: ['action', 'code'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    deliveries: counter('parley_deliveries_total', 'Frames of events written to connections'),
    busLag: new Histogram({
      name: 'parley_bus_lag_seconds',
      help: 'Time from storing an entry to its arrival over the bus',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
    gapsFilled: counter('parley_gaps_filled_total', 'Pages of logs fetched to fill gaps left by the bus'),
    busReconnects: counter(
      'parley_bus_reconnects_total',
      'Reconnections of the bus after which messages may have been lost',
    ),
    opened: counter('parley_connections_opened_total', 'Opened WebSockets, reconnections included'),
    closed: new Counter({
      name: 'parley_connections_closed_total',
      help: 'Closed WebSockets, by the reason of the close code (tooSlow: slow consumers), or gone',
      labelNames: ['reason'],
      registers,
    }),
  };
}

export function watchConnections(registry: Registry, count: () => number): void {
  new Gauge({
    name: 'parley_connections',
    help: 'Open WebSockets',
    registers: [registry],
    collect() {
      this.set(count());
    },
  });
}

/** Injection token of the GatewayMetrics. */
export const METRICS = Symbol('GatewayMetrics');
