import { parseArgs } from 'node:util';

export interface ClusterArguments {
  readonly gateways: number;
  readonly rooms: number;
  readonly messages: number;
  /** Of the first gateway; the others follow. */
  readonly basePort: number;
}

const USAGE = 'npm run cluster -- [--gateways 2] [--rooms 1] [--messages 2] [--base-port 9000]';
const MOST_REPLICAS = 32;
const HIGHEST_PORT = 65_535;

/** Throws an Error with one sentence for people. */
export function parseClusterArguments(args: readonly string[]): ClusterArguments {
  const { gateways, rooms, messages, 'base-port': basePort } = parse(args);
  const parsed = {
    gateways: wholeNumber('--gateways', gateways, MOST_REPLICAS),
    rooms: wholeNumber('--rooms', rooms, MOST_REPLICAS),
    messages: wholeNumber('--messages', messages, MOST_REPLICAS),
    basePort: wholeNumber('--base-port', basePort, HIGHEST_PORT),
  };
  const lastPort = parsed.basePort + parsed.gateways - 1;
  if (lastPort > HIGHEST_PORT) {
    throw new Error(`The last gateway would listen on port ${lastPort}: choose a lower --base-port.`);
  }
  return parsed;
}

export const gatewayPorts = ({ basePort, gateways }: ClusterArguments): number[] =>
  Array.from({ length: gateways }, (_, index) => basePort + index);

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        gateways: { type: 'string', default: '2' },
        rooms: { type: 'string', default: '1' },
        messages: { type: 'string', default: '2' },
        'base-port': { type: 'string', default: '9000' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${firstSentence(error)} The command is: ${USAGE}`);
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new Error(`${option} must be a whole number from 1 to ${most}, and '${text}' is not.`);
}

/** Of parseArgs' advice. */
const firstSentence = (error: unknown): string => `${(error as Error).message.split(/\.\s/)[0] ?? ''}.`;
