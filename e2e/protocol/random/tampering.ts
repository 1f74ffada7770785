import type { Bus } from '@parley/bus';
import { decodeRoomBroadcast, encodeRoomBroadcast, type RoomBroadcastHeader } from '@parley/contracts';
import type { RoomEvent } from '@parley/protocol';

/** The API with some of its methods replaced. */
export function overriding<Api extends object>(api: Api, overrides: Partial<Api>): Api {
  return new Proxy(api, {
    get(target, name) {
      const owner = name in overrides ? overrides : target;
      const value: unknown = Reflect.get(owner, name);
      return typeof value === 'function' ? (value.bind(owner) as unknown) : value;
    },
  });
}

interface RoomBroadcast {
  readonly header: RoomBroadcastHeader;
  readonly events: readonly RoomEvent[];
}

/** The bus, on which what comes of rooms is replaced. */
export function replacingBroadcasts(bus: Bus, replace: (broadcast: RoomBroadcast) => readonly RoomBroadcast[]): Bus {
  return overriding(bus, {
    subscribe: (channel, listener) =>
      bus.subscribe(channel, (payload) => {
        if (!channel.startsWith('room:')) {
          listener(payload);
          return;
        }
        const { header, events } = decodeRoomBroadcast(payload);
        const broadcast = { header, events: JSON.parse(`[${events.toString()}]`) as RoomEvent[] };
        for (const replaced of replace(broadcast)) listener(encodeRoomBroadcast(replaced.header, replaced.events));
      }),
  });
}
