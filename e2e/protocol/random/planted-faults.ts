import type { MessageApi, NewMessage, RoomApi } from '@parley/contracts';
import type { Membership } from '@parley/contracts';
import type { Message, RoomId, UserId } from '@parley/protocol';
import type { GatewayPorts } from '../../harness/in-process.ts';
import type { ViolationKind } from './checker.ts';
import type { RunOptions } from './run.ts';
import type { Admit } from './room-states.ts';
import type { SystemOptions } from './system.ts';
import { overriding, replacingBroadcasts } from './tampering.ts';

/** A deliberate fault in Parley, and the violation that the random test must report for it. */
export interface PlantedFault extends Pick<SystemOptions, 'tamper' | 'faults'>, Pick<RunOptions, 'clients'> {
  readonly name: string;
  readonly kind: ViolationKind;
}

const NO_FAULTS = { loss: 0, repetition: 0, delay: 0 };
/** One in so many is what a fault befalls. */
const RARELY = 5;
const LONG_MS = 2_000;

/** What the bus lost is taken to be nothing. */
function withoutRepair(ports: GatewayPorts): GatewayPorts {
  const getMissedEvents: MessageApi['getMissedEvents'] = ({ after }) =>
    Promise.resolve({ events: [], users: [], head: after });
  return { ...ports, messages: overriding(ports.messages, { getMissedEvents }) };
}

/** What takes longer than a retry does not come: so the comparison that is made every 30 s. */
function withoutCheck({ clock, ...ports }: GatewayPorts): GatewayPorts {
  const after: typeof clock.after = (milliseconds, task) =>
    milliseconds > LONG_MS ? () => undefined : clock.after(milliseconds, task);
  return { ...ports, clock: { ...clock, after } };
}

/** Some messages are acknowledged and not stored. */
function acknowledgingTooSoon({ messages, ...ports }: GatewayPorts): GatewayPorts {
  let count = 0;
  const appendMessages: MessageApi['appendMessages'] = async ({ batches }) => {
    const [batch] = batches;
    const [message] = batch?.messages ?? [];
    count += 1;
    if (batches.length !== 1 || batch?.messages.length !== 1 || !message || count % RARELY > 0) {
      return messages.appendMessages({ batches });
    }
    const { heads } = await messages.getHeads({ roomIds: [batch.roomId] });
    return { results: [[{ message: forged(message, batch.roomId, (heads[0]?.seq ?? 0) + 1) }]] };
  };
  return { ...ports, messages: overriding(messages, { appendMessages }) };
}

/** What is read is answered, and not stored. */
function forgettingWhatIsRead({ rooms, ...ports }: GatewayPorts): GatewayPorts {
  const readRooms: RoomApi['readRooms'] = ({ readings }) =>
    Promise.resolve({ results: readings.map(({ seq }) => ({ readSeq: seq, readCount: seq })) });
  return { ...ports, rooms: overriding(rooms, { readRooms }) };
}

const forged = ({ userId, messageId, text }: NewMessage, roomId: RoomId, seq: number): Message => ({
  ...{ roomId, seq, messageId, userId, text },
  attachments: [],
  reactions: [],
  createdAt: Date.now(),
});

/** Some edits are acknowledged and not made. */
function editingInVain({ messages, ...ports }: GatewayPorts): GatewayPorts {
  let count = 0;
  const updateMessage: MessageApi['updateMessage'] = async (request) => {
    count += 1;
    if (count % RARELY > 0) return messages.updateMessage(request);
    const { userId, roomId, messageId, text } = request;
    const found = await messages.findMessages({ userId, roomId, messageIds: [messageId] });
    return { message: { ...(found.messages[0] ?? fail()), text } };
  };
  return { ...ports, messages: overriding(messages, { updateMessage }) };
}

function fail(): never {
  throw new Error('What is edited is there.');
}

/** What is said of reactions is an old truth. */
function withoutReactions({ bus, ...ports }: GatewayPorts): GatewayPorts {
  return {
    ...ports,
    bus: replacingBroadcasts(bus, ({ header, events }) => {
      const stale = events.map((event) =>
        event.event === 'reaction_changed' ? { ...event, data: { ...event.data, reactions: [] } } : event,
      );
      return [{ header, events: stale }];
    }),
  };
}

/** Some entries come once more, as the next. */
function repeatingUnderNextSeq({ bus, ...ports }: GatewayPorts): GatewayPorts {
  let count = 0;
  return {
    ...ports,
    bus: replacingBroadcasts(bus, (broadcast) => {
      count += 1;
      const last = broadcast.events.at(-1);
      if (last?.event !== 'message_created' || count % RARELY > 0) return [broadcast];
      const seq = last.seq + 1;
      const again = { ...last, seq, data: { ...last.data, message: { ...last.data.message, seq } } };
      return [broadcast, { header: { ...broadcast.header, firstSeq: seq, lastSeq: seq }, events: [again] }];
    }),
  };
}

/** Who was in a room once is in it for ever, as far as this gateway knows. */
function neverLettingGo({ rooms, bus, ...ports }: GatewayPorts): GatewayPorts {
  const known = new Map<UserId, Map<RoomId, Membership>>();
  return {
    ...ports,
    rooms: overriding(rooms, {
      async getMemberships({ userId }) {
        const { roomsVersion, memberships } = await rooms.getMemberships({ userId });
        const all = known.get(userId) ?? new Map<RoomId, Membership>();
        known.set(userId, all);
        for (const membership of memberships) all.set(membership.roomId, membership);
        return { roomsVersion, memberships: [...all.values()] };
      },
    }),
    bus: replacingBroadcasts(bus, ({ header: { members: _members, ...header }, events }) => [{ header, events }]),
  };
}

/** Whatever comes is applied when it comes, once. `held` is what has come already. */
const applyByArrival: Admit = ({ position, held }, events) => {
  const ready = events.filter(({ seq }) => !held.some((event) => event.seq === seq));
  const furthest = Math.max(position, ...ready.map(({ seq }) => seq));
  return { ready, intake: { position: furthest, held: [...held, ...ready] }, gap: false };
};

/** Applies events again that were already applied. */
const applyAgain: Admit = ({ position }, events) => {
  const furthest = Math.max(position, ...events.map(({ seq }) => seq));
  return { ready: events, intake: { position: furthest, held: [] }, gap: false };
};

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'gateways and clients that do not repair',
    kind: 'missing',
    tamper: withoutRepair,
    clients: { repairs: false },
  },
  { name: 'gateways that do not compare with the database', kind: 'missing', tamper: withoutCheck },
  { name: 'acknowledgements of what is not stored', kind: 'lost', tamper: acknowledgingTooSoon },
  { name: 'positions that are answered and not stored', kind: 'lost', tamper: forgettingWhatIsRead },
  { name: 'acknowledgements of edits that are not made', kind: 'lost', tamper: editingInVain },
  { name: 'reactions that are delivered wrong', kind: 'altered', tamper: withoutReactions, faults: NO_FAULTS },
  { name: 'entries that come again under the next seq', kind: 'doubled', tamper: repeatingUnderNextSeq },
  { name: 'clients that apply again what they have', kind: 'doubled', clients: { admit: applyAgain } },
  { name: 'clients that apply entries as they come', kind: 'order', clients: { admit: applyByArrival } },
  {
    name: 'members who are kept after leaving',
    kind: 'foreign',
    tamper: neverLettingGo,
    faults: NO_FAULTS,
  },
];
