import { describe, expect, test } from 'vitest';
import { interpretCommandLine } from '../command-line.ts';
import { CLUSTER, clusterArguments, gatewayPorts, type ClusterArguments } from './arguments.ts';

const parse = (args: readonly string[]) => interpretCommandLine(CLUSTER, args, clusterArguments);

describe('npm run cluster', () => {
  test('starts two gateways, one room service and two message services by default', () => {
    const values: ClusterArguments = { gateways: 2, rooms: 1, messages: 2, basePort: 9000 };
    expect(parse([])).toEqual({ kind: 'valid', values });
    expect(gatewayPorts(values)).toEqual([9000, 9001]);
  });

  test('takes the number of each service and the first port', () => {
    const args = ['--gateways', '3', '--rooms=2', '--messages', '4', '--base-port', '7000'];
    const values = { gateways: 3, rooms: 2, messages: 4, basePort: 7000 };
    expect(parse(args)).toEqual({ kind: 'valid', values });
    expect(gatewayPorts(values)).toEqual([7000, 7001, 7002]);
  });

  test.each([
    [['--gateways', '0'], "--gateways must be a whole number from 1 to 32, and '0' is not."],
    [['--rooms', '1.5'], "--rooms must be a whole number from 1 to 32, and '1.5' is not."],
    [['--messages', ''], "--messages must be a whole number from 1 to 32, and '' is not."],
    [['--base-port', '70000'], "--base-port must be a whole number from 1 to 65535, and '70000' is not."],
    [['--base-port', '65535'], 'The last gateway would listen on port 65536: choose a lower --base-port.'],
    [['--replicas', '2'], "Unknown option '--replicas'. Usage: npm run cluster -- [--gateways <number>]"],
    [['3'], "Unexpected argument '3'. Usage:"],
  ])('refuses %j and says what to do', (args, sentence) => {
    expect(parse(args)).toEqual({ kind: 'invalid', sentence: expect.stringContaining(sentence) });
  });
});
