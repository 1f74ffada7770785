import { BusUnavailableError, type Bus } from '@parley/bus';
import { decodeRoomBroadcast, type RoomBroadcastHeader } from '@parley/contracts';
import type { RoomEvent } from '@parley/protocol';

/** Records broadcasts in the order of their publication. */
export class RecordingBus implements Pick<Bus, 'publish'> {
  readonly broadcasts: {
    readonly channel: string;
    readonly header: RoomBroadcastHeader;
    readonly events: RoomEvent[];
  }[] = [];
  available = true;

  publish(channel: string, payload: Buffer): Promise<void> {
    if (!this.available) return Promise.reject(new BusUnavailableError('Redis is down.'));
    const { header, events } = decodeRoomBroadcast(payload);
    if (header.kind !== 'events') throw new TypeError('The message service publishes only events.');
    this.broadcasts.push({ channel, header, events: JSON.parse(`[${events.toString()}]`) as RoomEvent[] });
    return Promise.resolve();
  }
}
