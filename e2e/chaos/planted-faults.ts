import type { Entry } from '../../services/message/src/log/entry.ts';
import type { ViolationKind } from '../protocol/random/checker.ts';
import type { Database } from './database.ts';

type Entries = Awaited<ReturnType<Database['copyEntries']>>;

/** A corruption of the rooms' logs in the database, and the kind of violation that the checker must report. */
export interface PlantedFault {
  readonly name: string;
  readonly kind: ViolationKind;
  plant(entries: Entries): Promise<void>;
}

/** The last messages of one room's log, the oldest first. */
async function lastMessages(entries: Entries, count: number): Promise<Entry[]> {
  const [longest] = await entries.find({ event: 'message_created' }).sort({ seq: -1 }).limit(1).toArray();
  const { roomId } = existing(longest);
  const messages = entries.find({ roomId, event: 'message_created' }, { projection: { _id: 0 } });
  return (await messages.sort({ seq: -1 }).limit(count).toArray()).reverse();
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a lost message',
    kind: 'lost',
    async plant(entries) {
      const [last] = await lastMessages(entries, 1);
      await entries.deleteOne({ entryId: existing(last).entryId });
    },
  },
  {
    name: 'a doubled message',
    kind: 'doubled',
    async plant(entries) {
      const last = existing((await lastMessages(entries, 1))[0]);
      await entries.insertOne({ ...last, seq: last.seq + 1 });
    },
  },
  {
    name: 'two swapped messages',
    kind: 'order',
    async plant(entries) {
      const [one, other] = (await lastMessages(entries, 2)).map(existing);
      await entries.updateOne({ entryId: existing(one).entryId }, { $set: { seq: existing(other).seq } });
      await entries.updateOne({ entryId: existing(other).entryId }, { $set: { seq: existing(one).seq } });
    },
  },
  {
    name: 'a hole in a log',
    kind: 'hole',
    async plant(entries) {
      const [one] = await lastMessages(entries, 2);
      await entries.deleteOne({ entryId: existing(one).entryId });
    },
  },
];

function existing<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('There are no messages yet.');
  return thing;
}
