import { createLogger } from '@parley/platform';
import { HistoryService } from '../history/history.service.ts';
import { systemClock } from '../log/clock.ts';
import { Lanes } from '../log/lanes.ts';
import { LogService } from '../log/log.service.ts';
import { RoomPublisher } from '../log/publisher.ts';
import { MessageApiService } from '../message-api.service.ts';
import { RecordingBus } from './recording-bus.ts';
import type { Store } from './stores.ts';

/** One message service over a store; several over the same database are its replicas. */
export function openReplica({ repository, members }: Pick<Store, 'repository' | 'members'>) {
  const logger = createLogger('message', 'silent');
  const bus = new RecordingBus();
  const publisher = new RoomPublisher(bus, logger);
  const log = new LogService(new Lanes({ repository, members, publisher, clock: systemClock, logger }));
  const history = new HistoryService(repository, members);
  return { api: new MessageApiService(log, history), log, bus };
}

export type Replica = ReturnType<typeof openReplica>;
