import { BusUnavailableError, type Bus, type Subscription } from './bus.ts';
import { Listeners, type Listener } from './listeners.ts';
import { createRedisClient, firstConnection, type RedisClient } from './redis-client.ts';

const PUBLISH_MS = 200;
const ACKNOWLEDGE_MS = 1_000;
const RETRY_MS = 250;
const PING_MS = 2_000;
/** Channels in one SSUBSCRIBE. In a cluster one, because all channels of a command must be in the same slot. */
const CHANNELS_PER_COMMAND = 500;

export interface RedisBusOptions {
  /** In the form that parseRedisAddress reads. */
  readonly url: string;
  /** Called with errors of connections, rejected commands and errors that listeners throw. */
  readonly onError?: (error: unknown) => void;
}

interface SubscribedChannel {
  readonly name: string;
  readonly listeners: Listeners;
  acknowledgement: PromiseWithResolvers<void>;
}

/** Sharded pub/sub of Redis or Valkey 7 and later: one node, a Cluster, or Sentinel. */
export class RedisBus implements Bus {
  readonly #publisher: RedisClient;
  readonly #subscriber: RedisClient;
  readonly #channels = new Map<string, SubscribedChannel>();
  /** Channels that the broker has not confirmed on the current connection. */
  readonly #unacknowledged = new Set<SubscribedChannel>();
  readonly #restoredListeners = new Set<() => void>();
  readonly #onError: (error: unknown) => void;
  readonly #firstConnection: Promise<void>;
  readonly #ping: NodeJS.Timeout;
  #retry: NodeJS.Timeout | undefined;
  /** Incremented when the confirmations so far become invalid. */
  #epoch = 0;
  /** Messages may have been lost since the last call of the onRestored listeners. */
  #missed = false;
  #closed = false;

  constructor({ url, onError = () => undefined }: RedisBusOptions) {
    this.#onError = onError;
    this.#publisher = createRedisClient(url);
    this.#firstConnection = firstConnection(this.#publisher);
    this.#subscriber = createRedisClient(url, { autoResubscribe: false });
    for (const client of [this.#publisher, this.#subscriber]) client.on('error', onError);
    this.#subscriber.on('smessageBuffer', (channel: Buffer, payload: Buffer) => {
      this.#channels.get(channel.toString())?.listeners.call(payload, this.#onError);
    });
    this.#subscriber.on('close', () => this.#invalidateAcknowledgements());
    this.#subscriber.on('ready', () => this.#request([...this.#unacknowledged]));
    // A cluster that moves a slot or replaces a node emits only these events, and messages published meanwhile are lost.
    for (const event of ['subscribersReady', '-node']) this.#subscriber.on(event, () => this.#requestAll());
    // A connection that only receives does not notice that it is dead. An unanswered PING closes it.
    this.#ping = setInterval(() => void this.#pingSubscriber(), PING_MS).unref();
  }

  async publish(channel: string, payload: Buffer): Promise<void> {
    const sent = async (): Promise<void> => {
      await this.#firstConnection;
      await this.#publisher.spublish(channel, payload);
    };
    try {
      await within(sent(), PUBLISH_MS);
    } catch (error) {
      throw new BusUnavailableError('Redis did not accept the message.', { cause: error });
    }
  }

  subscribe(name: string, listener: Listener): Subscription {
    const channel = this.#channels.get(name) ?? this.#addChannel(name);
    const remove = channel.listeners.add(listener);
    return {
      acknowledged: handled(this.#acknowledged(channel)),
      close: () => {
        remove();
        if (channel.listeners.size === 0 && this.#channels.get(name) === channel) this.#removeChannel(channel);
      },
    };
  }

  onRestored(listener: () => void): () => void {
    this.#restoredListeners.add(listener);
    return () => void this.#restoredListeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#ping);
    clearTimeout(this.#retry);
    for (const channel of this.#unacknowledged) {
      channel.acknowledgement.reject(new BusUnavailableError('The bus is closed.'));
    }
    this.#channels.clear();
    this.#unacknowledged.clear();
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
    return Promise.resolve();
  }

  #addChannel(name: string): SubscribedChannel {
    const channel = { name, listeners: new Listeners(), acknowledgement: acknowledgement() };
    this.#channels.set(name, channel);
    this.#unacknowledged.add(channel);
    this.#request([channel]);
    return channel;
  }

  #removeChannel(channel: SubscribedChannel): void {
    this.#channels.delete(channel.name);
    this.#unacknowledged.delete(channel);
    channel.acknowledgement.resolve();
    if (this.#subscriber.status === 'ready') this.#subscriber.sunsubscribe(channel.name).catch(this.#onError);
    this.#announceRestored();
  }

  async #acknowledged(channel: SubscribedChannel): Promise<void> {
    try {
      await within(channel.acknowledgement.promise, ACKNOWLEDGE_MS);
    } catch (error) {
      this.#missed = true;
      throw new BusUnavailableError('Redis did not confirm the subscription.', { cause: error });
    }
  }

  /** Channels that stay unconfirmed are requested again: on the next connection, or after RETRY_MS. */
  #request(channels: readonly SubscribedChannel[]): void {
    if (this.#subscriber.status !== 'ready') return;
    const size = this.#subscriber.isCluster ? 1 : CHANNELS_PER_COMMAND;
    for (let start = 0; start < channels.length; start += size) {
      void this.#send(channels.slice(start, start + size));
    }
  }

  async #send(channels: readonly SubscribedChannel[]): Promise<void> {
    const epoch = this.#epoch;
    try {
      await this.#subscriber.ssubscribe(...channels.map(({ name }) => name));
    } catch (error) {
      this.#onError(error);
      if (!this.#closed) this.#retry ??= setTimeout(() => this.#requestUnacknowledged(), RETRY_MS).unref();
      return;
    }
    if (epoch !== this.#epoch) return;
    for (const channel of channels) {
      this.#unacknowledged.delete(channel);
      channel.acknowledgement.resolve();
    }
    this.#announceRestored();
  }

  #requestUnacknowledged(): void {
    this.#retry = undefined;
    this.#request([...this.#unacknowledged]);
  }

  #requestAll(): void {
    this.#invalidateAcknowledgements();
    this.#request([...this.#unacknowledged]);
  }

  #invalidateAcknowledgements(): void {
    this.#epoch += 1;
    for (const channel of this.#channels.values()) {
      if (this.#unacknowledged.has(channel)) continue;
      channel.acknowledgement = acknowledgement();
      this.#unacknowledged.add(channel);
      this.#missed = true;
    }
  }

  #announceRestored(): void {
    if (!this.#missed || this.#unacknowledged.size > 0 || this.#closed) return;
    this.#missed = false;
    for (const listener of [...this.#restoredListeners]) listener();
  }

  async #pingSubscriber(): Promise<void> {
    if (this.#subscriber.isCluster || this.#subscriber.status !== 'ready') return;
    await this.#subscriber.ping().catch(this.#onError);
  }
}

const acknowledgement = (): PromiseWithResolvers<void> => {
  const deferred = Promise.withResolvers<void>();
  void handled(deferred.promise);
  return deferred;
};

/** Prevents an unhandled rejection when no caller awaits the promise. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Settles as the promise does, or rejects when it has not settled after that many milliseconds. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${milliseconds} ms.`)), milliseconds);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
