import { describe, expect, test } from 'vitest';
import { gatewayPorts, parseClusterArguments } from './arguments.ts';

describe('the arguments of npm run cluster', () => {
  test('without any there are two gateways, one room service and two message services', () => {
    expect(parseClusterArguments([])).toEqual({ gateways: 2, rooms: 1, messages: 2, basePort: 9000 });
  });

  test('each can be given', () => {
    const args = ['--gateways', '3', '--rooms=2', '--messages', '4', '--base-port', '7000'];
    const parsed = parseClusterArguments(args);
    expect(parsed).toEqual({ gateways: 3, rooms: 2, messages: 4, basePort: 7000 });
    expect(gatewayPorts(parsed)).toEqual([7000, 7001, 7002]);
  });

  test.each([
    [['--gateways', '0'], "--gateways must be a whole number from 1 to 32, and '0' is not."],
    [['--rooms', '1.5'], "--rooms must be a whole number from 1 to 32, and '1.5' is not."],
    [['--messages', ''], "--messages must be a whole number from 1 to 32, and '' is not."],
    [['--base-port', '70000'], "--base-port must be a whole number from 1 to 65535, and '70000' is not."],
    [['--base-port', '65535'], 'The last gateway would listen on port 65536: choose a lower --base-port.'],
    [['--replicas', '2'], "Unknown option '--replicas'. The command is: npm run cluster -- [--gateways 2]"],
    [['3'], "Unexpected argument '3'. The command is:"],
  ])('%j is refused with a sentence that says what to do', (args, sentence) => {
    expect(() => parseClusterArguments(args)).toThrow(sentence);
  });
});
