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
        const broadcast = channel.startsWith('room:') ? decodeRoomBroadcast(payload) : undefined;
        if (broadcast?.header.kind !== 'events') {
          listener(payload);
          return;
        }
        const { header, events } = { header: broadcast.header, events: broadcast.events.toString() };
        const replacing = replace({ header, events: JSON.parse(`[${events}]`) as RoomEvent[] });
        for (const replaced of replacing) listener(encodeRoomBroadcast(replaced.header, replaced.events));
      }),
  });
}
