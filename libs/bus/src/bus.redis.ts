import { BusUnavailableError, type Bus, type Subscription } from './bus.ts';
import { Listeners, type Listener } from './listeners.ts';
import { createRedisClient, firstConnection, type RedisClient } from './redis-client.ts';
import { within } from './within.ts';

const PUBLISH_MS = 200;
const ACKNOWLEDGE_MS = 1_000;
const RETRY_MS = 250;
const PING_MS = 2_000;
/** Channels in one SSUBSCRIBE. In a cluster it is one, since all of a command must lie in the same slot. */
const CHANNELS_PER_COMMAND = 500;

export interface RedisBusOptions {
  /** See parseRedisAddress. */
  readonly url: string;
  /** Told of lost connections, of refused commands and of what listeners throw. */
  readonly onError?: (error: unknown) => void;
}

interface WantedChannel {
  readonly name: string;
  readonly listeners: Listeners;
  acknowledgement: PromiseWithResolvers<void>;
}

/** Sharded pub/sub of Redis or Valkey 7 and later: one node, a Cluster, or behind Sentinel. */
export class RedisBus implements Bus {
  private readonly publisher: RedisClient;
  private readonly subscriber: RedisClient;
  private readonly wanted = new Map<string, WantedChannel>();
  /** Those of the wanted that the broker has not confirmed on the present connection. */
  private readonly unacknowledged = new Set<WantedChannel>();
  private readonly restoredListeners = new Set<() => void>();
  private readonly onError: (error: unknown) => void;
  private readonly firstConnection: Promise<void>;
  private readonly ping: NodeJS.Timeout;
  private retry: NodeJS.Timeout | undefined;
  /** Rises whenever confirmations given so far no longer count. */
  private epoch = 0;
  /** Something may have been missed since onRestored was last called. */
  private missed = false;
  private closed = false;

  constructor({ url, onError = () => undefined }: RedisBusOptions) {
    this.onError = onError;
    this.publisher = createRedisClient(url);
    this.firstConnection = firstConnection(this.publisher);
    this.subscriber = createRedisClient(url, { autoResubscribe: false });
    for (const client of [this.publisher, this.subscriber]) client.on('error', onError);
    this.subscriber.on('smessageBuffer', (channel: Buffer, payload: Buffer) => {
      this.wanted.get(channel.toString())?.listeners.call(payload, this.onError);
    });
    this.subscriber.on('close', () => this.forgetAcknowledgements());
    this.subscriber.on('ready', () => this.request([...this.unacknowledged]));
    // A cluster that moves a slot or replaces a node says no more than this, and loses what was published meanwhile.
    for (const event of ['subscribersReady', '-node']) this.subscriber.on(event, () => this.requestAnew());
    // Whoever only listens would never learn that the connection is dead: an unanswered PING ends it.
    this.ping = setInterval(() => void this.pingSubscriber(), PING_MS).unref();
  }

  async publish(channel: string, payload: Buffer): Promise<void> {
    const sent = async (): Promise<void> => {
      await this.firstConnection;
      await this.publisher.spublish(channel, payload);
    };
    try {
      await within(sent(), PUBLISH_MS);
    } catch (error) {
      throw new BusUnavailableError('Redis did not take the message.', { cause: error });
    }
  }

  subscribe(name: string, listener: Listener): Subscription {
    const channel = this.wanted.get(name) ?? this.want(name);
    const remove = channel.listeners.add(listener);
    return {
      acknowledged: quiet(this.acknowledged(channel)),
      close: () => {
        remove();
        if (channel.listeners.size === 0 && this.wanted.get(name) === channel) this.drop(channel);
      },
    };
  }

  onRestored(listener: () => void): () => void {
    this.restoredListeners.add(listener);
    return () => void this.restoredListeners.delete(listener);
  }

  close(): Promise<void> {
    this.closed = true;
    clearInterval(this.ping);
    clearTimeout(this.retry);
    for (const channel of this.unacknowledged) {
      channel.acknowledgement.reject(new BusUnavailableError('The bus is closed.'));
    }
    this.wanted.clear();
    this.unacknowledged.clear();
    this.publisher.disconnect();
    this.subscriber.disconnect();
    return Promise.resolve();
  }

  private want(name: string): WantedChannel {
    const channel = { name, listeners: new Listeners(), acknowledgement: acknowledgement() };
    this.wanted.set(name, channel);
    this.unacknowledged.add(channel);
    this.request([channel]);
    return channel;
  }

  private drop(channel: WantedChannel): void {
    this.wanted.delete(channel.name);
    this.unacknowledged.delete(channel);
    channel.acknowledgement.resolve();
    if (this.subscriber.status === 'ready') this.subscriber.sunsubscribe(channel.name).catch(this.onError);
    this.announceRestored();
  }

  private async acknowledged(channel: WantedChannel): Promise<void> {
    try {
      await within(channel.acknowledgement.promise, ACKNOWLEDGE_MS);
    } catch (error) {
      this.missed = true;
      throw new BusUnavailableError('Redis did not confirm the subscription.', { cause: error });
    }
  }

  /** What is not confirmed is asked for again: on the next connection, or here after a while. */
  private request(channels: readonly WantedChannel[]): void {
    if (this.subscriber.status !== 'ready') return;
    const size = this.subscriber.isCluster ? 1 : CHANNELS_PER_COMMAND;
    for (let start = 0; start < channels.length; start += size) {
      void this.send(channels.slice(start, start + size));
    }
  }

  private async send(channels: readonly WantedChannel[]): Promise<void> {
    const { epoch } = this;
    try {
      await this.subscriber.ssubscribe(...channels.map(({ name }) => name));
    } catch (error) {
      this.onError(error);
      if (!this.closed) this.retry ??= setTimeout(() => this.requestUnacknowledged(), RETRY_MS).unref();
      return;
    }
    if (epoch !== this.epoch) return;
    for (const channel of channels) {
      this.unacknowledged.delete(channel);
      channel.acknowledgement.resolve();
    }
    this.announceRestored();
  }

  private requestUnacknowledged(): void {
    this.retry = undefined;
    this.request([...this.unacknowledged]);
  }

  private requestAnew(): void {
    this.forgetAcknowledgements();
    this.request([...this.unacknowledged]);
  }

  private forgetAcknowledgements(): void {
    this.epoch += 1;
    for (const channel of this.wanted.values()) {
      if (this.unacknowledged.has(channel)) continue;
      channel.acknowledgement = acknowledgement();
      this.unacknowledged.add(channel);
      this.missed = true;
    }
  }

  private announceRestored(): void {
    if (!this.missed || this.unacknowledged.size > 0 || this.closed) return;
    this.missed = false;
    for (const listener of [...this.restoredListeners]) listener();
  }

  private async pingSubscriber(): Promise<void> {
    if (this.subscriber.isCluster || this.subscriber.status !== 'ready') return;
    await this.subscriber.ping().catch(this.onError);
  }
}

const acknowledgement = (): PromiseWithResolvers<void> => {
  const deferred = Promise.withResolvers<void>();
  void quiet(deferred.promise);
  return deferred;
};

/** Nobody has to wait for it: its rejection is not an unhandled one. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
