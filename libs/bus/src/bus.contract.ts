import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Bus, Subscription } from './bus.ts';

export interface BusUnderTest {
  /** A bus as of a new process, at the same broker as the others. The test closes it. */
  connect(): Bus;
}

/** The contract of every bus while no connection breaks. */
export function describeBus(name: string, under: () => BusUnderTest): void {
  const connect = async (): Promise<Bus> => {
    const bus = under().connect();
    onTestFinished(() => bus.close());
    await connected(bus);
    return bus;
  };

  describe(`${name} as a bus`, () => {
    test('delivers what is published after the acknowledgement, byte for byte', async () => {
      const bus = await connect();
      const { received } = await listen(bus, 'room:bytes');
      const payload = Buffer.from(Array.from({ length: 1_024 }, (_, index) => index % 256));
      await bus.publish('room:bytes', payload);
      await vi.waitFor(() => expect(received).toHaveLength(1));
      expect(received[0]?.equals(payload)).toBe(true);
    });

    test('delivers an empty payload', async () => {
      const bus = await connect();
      const { received } = await listen(bus, 'room:empty');
      await bus.publish('room:empty', Buffer.alloc(0));
      await vi.waitFor(() => expect(received).toHaveLength(1));
      expect(received[0]).toHaveLength(0);
    });

    test('keeps the order of publishing within a channel', async () => {
      const bus = await connect();
      const { texts } = await listen(bus, 'room:order');
      const sent = Array.from({ length: 500 }, (_, index) => String(index));
      await Promise.all(sent.map((text) => bus.publish('room:order', Buffer.from(text))));
      await vi.waitFor(() => expect(texts()).toEqual(sent));
    });

    test('delivers to the subscribers of the channel only', async () => {
      const bus = await connect();
      const one = await listen(bus, 'room:one');
      const two = await listen(bus, 'room:two');
      await bus.publish('room:one', Buffer.from('1'));
      await bus.publish('room:two', Buffer.from('2'));
      await vi.waitFor(() => expect([one.texts(), two.texts()]).toEqual([['1'], ['2']]));
    });

    test('delivers to every subscription of a channel until that one is closed', async () => {
      const bus = await connect();
      const first = await listen(bus, 'room:shared');
      const second = await listen(bus, 'room:shared');
      first.subscription.close();
      first.subscription.close();
      await bus.publish('room:shared', Buffer.from('for the second'));
      await vi.waitFor(() => expect(second.texts()).toEqual(['for the second']));
      expect(first.texts()).toEqual([]);
    });

    test('delivers nothing to a closed subscription, and to a new one of its channel', async () => {
      const bus = await connect();
      const closed = await listen(bus, 'room:left');
      const witness = await listen(bus, 'room:witness');
      closed.subscription.close();
      await bus.publish('room:left', Buffer.from('unheard'));
      await bus.publish('room:witness', Buffer.from('a sign'));
      await vi.waitFor(() => expect(witness.texts()).toEqual(['a sign']));
      const again = await listen(bus, 'room:left');
      await bus.publish('room:left', Buffer.from('heard'));
      await vi.waitFor(() => expect(again.texts()).toEqual(['heard']));
      expect(closed.texts()).toEqual([]);
    });

    test('keeps a channel that is closed and subscribed to again in the same turn', async () => {
      const bus = await connect();
      const { subscription } = await listen(bus, 'room:changed-mind');
      subscription.close();
      const again = await listen(bus, 'room:changed-mind');
      await bus.publish('room:changed-mind', Buffer.from('heard'));
      await vi.waitFor(() => expect(again.texts()).toEqual(['heard']));
    });

    test('isolates other listeners and the publisher from a listener that throws', async () => {
      const bus = await connect();
      const throwing = bus.subscribe('room:throws', () => {
        throw new Error('This listener is broken.');
      });
      await throwing.acknowledged;
      const { texts } = await listen(bus, 'room:throws');
      await bus.publish('room:throws', Buffer.from('1'));
      await bus.publish('room:throws', Buffer.from('2'));
      await vi.waitFor(() => expect(texts()).toEqual(['1', '2']));
    });

    test('publishes to a channel without subscribers', async () => {
      const bus = await connect();
      await expect(bus.publish('room:unheard', Buffer.from('?'))).resolves.toBeUndefined();
    });

    test('acknowledges many channels', async () => {
      const bus = await connect();
      const subscriptions = Array.from({ length: 1_200 }, (_, index) =>
        bus.subscribe(`room:${index}`, () => undefined),
      );
      await Promise.all(subscriptions.map(({ acknowledged }) => acknowledged));
    });
  });
}

export interface Listening {
  readonly subscription: Subscription;
  readonly received: readonly Buffer[];
  texts(): string[];
}

/** Resolves when the bus accepts a message; until then publishing may be rejected. */
export async function connected(bus: Bus): Promise<void> {
  await vi.waitFor(() => bus.publish('room:first', Buffer.alloc(0)), { timeout: 10_000 });
}

/** Resolves when the subscription is acknowledged. */
export async function listen(bus: Bus, channel: string): Promise<Listening> {
  const received: Buffer[] = [];
  const subscription = bus.subscribe(channel, (payload) => void received.push(payload));
  await subscription.acknowledged;
  return { subscription, received, texts: () => received.map((payload) => payload.toString()) };
}
