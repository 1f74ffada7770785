import { BusUnavailableError, MemoryBus } from '@parley/bus';
import { expect, test } from 'vitest';
import { FaultyBus, type BusFaults } from './faulty-bus.ts';
import { seededRandom } from './seeded-random.ts';

const NONE: BusFaults = { loss: 0, repetition: 0, delay: 0 };
const PUBLISHED = Array.from({ length: 100 }, (_, index) => String(index));

/** What arrives of a hundred messages. */
async function arrived(faults: Partial<BusFaults>, seed = 1): Promise<string[]> {
  const bus = new FaultyBus(new MemoryBus(), { ...NONE, ...faults }, seededRandom(seed));
  const heard: string[] = [];
  bus.subscribe('room', (payload) => heard.push(payload.toString()));
  for (const text of PUBLISHED) await bus.publish('room', Buffer.from(text));
  return heard;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

test('a bus without faults brings everything, in order', async () => {
  expect(await arrived({})).toEqual(PUBLISHED);
});

test('a lossy bus brings some, in order', async () => {
  const heard = await arrived({ loss: 0.3 });
  expect(heard.length).toBeGreaterThan(50);
  expect(heard.length).toBeLessThan(90);
  expect(heard).toEqual(PUBLISHED.filter((text) => heard.includes(text)));
});

test('a repeating bus brings everything, some of it twice', async () => {
  const heard = await arrived({ repetition: 0.3 });
  expect(unique(heard)).toEqual(PUBLISHED);
  expect(heard.length).toBeGreaterThan(110);
});

test('a delaying bus brings everything but the last few, some of it late', async () => {
  const heard = await arrived({ delay: 0.3 });
  expect(heard).toHaveLength(unique(heard).length);
  expect(heard.length).toBeGreaterThan(94);
  expect(heard).not.toEqual(PUBLISHED.filter((text) => heard.includes(text)));
});

test('the same seed does the same', async () => {
  const faults = { loss: 0.2, repetition: 0.2, delay: 0.2 };
  expect(await arrived(faults, 7)).toEqual(await arrived(faults, 7));
  expect(await arrived(faults, 7)).not.toEqual(await arrived(faults, 8));
});

test('a cut bus accepts and delivers nothing, and reports when it is back', async () => {
  const inner = new MemoryBus();
  const bus = new FaultyBus(inner, NONE, seededRandom(1));
  const heard: string[] = [];
  let restored = 0;
  bus.subscribe('room', (payload) => heard.push(payload.toString()));
  bus.onRestored(() => (restored += 1));
  bus.cut();
  await inner.publish('room', Buffer.from('while cut'));
  await expect(bus.publish('room', Buffer.from('refused'))).rejects.toThrow(BusUnavailableError);
  bus.restore();
  bus.restore();
  await bus.publish('room', Buffer.from('afterwards'));
  expect({ heard, restored }).toEqual({ heard: ['afterwards'], restored: 1 });
});

test('nothing comes after the end of a subscription, however late it is', async () => {
  const bus = new FaultyBus(new MemoryBus(), { ...NONE, delay: 1 }, seededRandom(1));
  const heard: string[] = [];
  const subscription = bus.subscribe('room', (payload) => heard.push(payload.toString()));
  bus.subscribe('room', () => undefined);
  await bus.publish('room', Buffer.from('delayed'));
  subscription.close();
  for (const text of PUBLISHED) await bus.publish('room', Buffer.from(text));
  expect(heard).toEqual([]);
});
