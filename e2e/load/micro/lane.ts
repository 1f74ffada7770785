import { randomUUID } from 'node:crypto';
import type { Head } from '@parley/contracts';
import type { MessageId, RoomId, User } from '@parley/protocol';
import type * as planners from '../../../services/message/src/changes/change-planner.ts';
import type * as entries from '../../../services/message/src/log/entry.ts';
import type * as lanes from '../../../services/message/src/log/lane.ts';
import type * as publishers from '../../../services/message/src/log/publisher.ts';

const SERVICE = new URL('../../../services/message/dist/', import.meta.url);
/** As it is built: what the sources import has decorators, which Node does not take. */
const built = (file: string): Promise<unknown> => import(new URL(file, SERVICE).href);

const { Lane } = (await built('log/lane.js')) as typeof lanes;
const { RoomPublisher } = (await built('log/publisher.js')) as typeof publishers;
const { ChangePlanner } = (await built('changes/change-planner.js')) as typeof planners;
const { headOf } = (await built('log/entry.js')) as typeof entries;

/** The lane of a room over a database and a bus that take everything at once: what is left is the lane's own work. */
export function laneAlone(roomId: RoomId, user: User) {
  let head: Head = { roomId, seq: 0, count: 0, memberDelta: 0, messageSeq: 0, at: 0 };
  const logger = { warn: () => undefined, info: () => undefined };
  const repository: lanes.LaneContext['repository'] = {
    insertBatch(batch) {
      const last = batch.at(-1);
      if (last) head = headOf(last);
      return Promise.resolve({ kind: 'stored' });
    },
    readSettledHead: () => Promise.resolve(head),
    findByEntryIds: () => Promise.resolve([]),
  };
  const reactions = { find: () => Promise.resolve([]), readReactors: () => Promise.resolve([]) };
  const lane = new Lane(roomId, {
    repository,
    planner: new ChangePlanner({ repository, reactions }),
    members: {
      findMembers: (_roomId, userIds) => Promise.resolve(new Set(userIds)),
      findUsers: () => Promise.resolve(new Map([[user.userId, user]])),
    },
    publisher: new RoomPublisher({ publish: () => Promise.resolve() }, logger),
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    random: () => 0.5,
    logger,
  });
  return async (texts: readonly string[]): Promise<void> => {
    const newEntries = texts.map((text): entries.VerbatimEntry => {
      const entryId = randomUUID() as MessageId;
      return { event: 'message_created', entryId, userId: user.userId, data: { text } };
    });
    const outcomes = await lane.append(newEntries);
    if (outcomes.some((outcome) => 'error' in outcome)) throw new Error('The lane refused a message.');
  };
}
