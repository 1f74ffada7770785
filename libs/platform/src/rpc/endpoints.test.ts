import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchEndpoints } from './endpoints.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const ipv4 = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }));

test('resolves a host name with several addresses to several endpoints', async () => {
  const watch = await watchEndpoints(['http://message:8082', 'http://10.0.0.9:1'], {
    resolve: async () => ipv4('10.0.0.2', '10.0.0.1'),
  });
  expect(watch.current()).toEqual(['http://10.0.0.1:8082', 'http://10.0.0.2:8082', 'http://10.0.0.9:1']);
  watch.close();
});

test('resolves a process with an IPv4 and an IPv6 address to one endpoint', async () => {
  const addresses = [{ address: '::1', family: 6 }, ...ipv4('127.0.0.1')];
  const both = await watchEndpoints(['http://localhost:1'], { resolve: async () => addresses });
  expect(both.current()).toEqual(['http://127.0.0.1:1']);
  both.close();
  const only6 = await watchEndpoints(['http://six:1'], { resolve: async () => addresses.slice(0, 1) });
  expect(only6.current()).toEqual(['http://[::1]:1']);
  only6.close();
});

test('follows added and removed replicas, and keeps the last addresses when a lookup fails', async () => {
  const resolve = vi.fn(async () => ipv4('10.0.0.1'));
  const watch = await watchEndpoints(['http://message:8082'], { everyMs: 1_000, resolve });
  resolve.mockResolvedValueOnce(ipv4('10.0.0.2', '10.0.0.3'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watch.current()).toEqual(['http://10.0.0.2:8082', 'http://10.0.0.3:8082']);
  resolve.mockRejectedValueOnce(new Error('ENOTFOUND'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watch.current()).toEqual(['http://10.0.0.2:8082', 'http://10.0.0.3:8082']);
  watch.close();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(resolve).toHaveBeenCalledTimes(3);
});

test('uses a name as it is when no lookup has succeeded', async () => {
  const watch = await watchEndpoints(['http://message:8082'], {
    resolve: () => Promise.reject(new Error('ENOTFOUND')),
  });
  expect(watch.current()).toEqual(['http://message:8082']);
  watch.close();
});
