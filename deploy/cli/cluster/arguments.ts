import { defineCommand, type ValuesOf } from '../command-line.ts';

export interface ClusterArguments {
  readonly gateways: number;
  readonly rooms: number;
  readonly messages: number;
  /** The first gateway's port; the others follow. */
  readonly basePort: number;
}

const MAX_REPLICAS = 32;
const MAX_PORT = 65_535;

export const CLUSTER = defineCommand({
  name: 'npm run cluster',
  summary: `Starts Parley's services as processes of this machine, over the MongoDB and Redis of PARLEY_MONGO_URL and
PARLEY_REDIS_URL, or over servers that it finds and starts. Ctrl-C stops all of them.`,
  options: {
    gateways: { type: 'string', value: 'number', default: '2', description: 'Gateways to start.' },
    rooms: { type: 'string', value: 'number', default: '1', description: 'Room services to start.' },
    messages: { type: 'string', value: 'number', default: '2', description: 'Message services to start.' },
    'base-port': { type: 'string', value: 'port', default: '9000', description: 'Port of the first gateway.' },
  },
  examples: ['npm run cluster -- --gateways 2 --rooms 1 --messages 2 --base-port 9000'],
});

/** Throws an Error with one sentence for the operator. */
export function clusterArguments(given: ValuesOf<typeof CLUSTER>): ClusterArguments {
  const args = {
    gateways: wholeNumber('--gateways', given.gateways, MAX_REPLICAS),
    rooms: wholeNumber('--rooms', given.rooms, MAX_REPLICAS),
    messages: wholeNumber('--messages', given.messages, MAX_REPLICAS),
    basePort: wholeNumber('--base-port', given['base-port'], MAX_PORT),
  };
  const lastPort = args.basePort + args.gateways - 1;
  if (lastPort > MAX_PORT) {
    throw new Error(`The last gateway would listen on port ${lastPort}: choose a lower --base-port.`);
  }
  return args;
}

export const gatewayPorts = ({ basePort, gateways }: ClusterArguments): number[] =>
  Array.from({ length: gateways }, (_, index) => basePort + index);

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new Error(`${option} must be a whole number from 1 to ${max}, and '${text}' is not.`);
}
