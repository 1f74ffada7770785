import type { ClusterArguments } from './arguments.ts';
import { gatewayPorts } from './arguments.ts';

type ServiceName = 'gateway' | 'room' | 'message';

export interface PlannedService {
  readonly service: ServiceName;
  /** Process title and port: `parley-gateway 9000`. */
  readonly label: string;
  readonly port: number;
  readonly managementPort: number;
  readonly env: NodeJS.ProcessEnv;
}

const LOOPBACK = '127.0.0.1';

/** How many free ports planServices needs. */
export const portsNeeded = ({ gateways, rooms, messages }: ClusterArguments): number =>
  gateways + 2 * (rooms + messages);

/**
 * Every process of the cluster with its environment: that of the launcher, with the addresses of the services replaced.
 * Takes ports from the front of `freePorts`. `token`: the internal token of the services.
 */
export function planServices(
  args: ClusterArguments,
  { env, freePorts, token }: { env: NodeJS.ProcessEnv; freePorts: readonly number[]; token: string },
): PlannedService[] {
  const ports = freePorts.values();
  const nextPort = (): number => {
    const { value } = ports.next();
    if (value === undefined) throw new RangeError('There are fewer free ports than services.');
    return value;
  };
  const replicas = (count: number): number[] => Array.from({ length: count }, nextPort);
  const places = { room: replicas(args.rooms), message: replicas(args.messages), gateway: gatewayPorts(args) };
  const shared = {
    PARLEY_DRAIN_SECONDS: '0',
    PARLEY_LOG_LEVEL: 'warn',
    PARLEY_HOST: LOOPBACK,
    ...(env.PARLEY_INTERNAL_TOKEN_FILE === undefined ? { PARLEY_INTERNAL_TOKEN: token } : {}),
    ...env,
    PARLEY_MANAGEMENT_HOST: LOOPBACK,
    PARLEY_ROOM_URLS: urls(places.room),
    PARLEY_MESSAGE_URLS: urls(places.message),
  };
  return (['room', 'message', 'gateway'] as const).flatMap((service) =>
    places[service].map((port) => {
      const managementPort = nextPort();
      return {
        service,
        label: `parley-${service} ${port}`,
        port,
        managementPort,
        env: {
          ...shared,
          // Only gateways are public; PARLEY_HOST may open them to a network.
          ...(service === 'gateway' ? {} : { PARLEY_HOST: LOOPBACK }),
          PARLEY_PORT: String(port),
          PARLEY_MANAGEMENT_PORT: String(managementPort),
        },
      };
    }),
  );
}

const urls = (ports: readonly number[]): string => ports.map((port) => `http://${LOOPBACK}:${port}`).join(',');

/** The public addresses of the gateways. */
export function gatewayUrls(args: ClusterArguments, host = LOOPBACK): string[] {
  const shown = host === '0.0.0.0' || host === '::' ? LOOPBACK : host;
  return gatewayPorts(args).map((port) => `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`);
}
