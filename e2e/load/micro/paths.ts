import { randomUUID } from 'node:crypto';
import { decodeRoomBroadcast, encodeRoomBroadcast } from '@parley/contracts';
import type { RoomEvent, RoomId, UserId } from '@parley/protocol';
import { parseFrame } from '../../../services/gateway/src/commands/command-frame.ts';
import { textFrame } from '../../../services/gateway/src/fanout/frame.ts';
import { LogOrder } from '../../../services/gateway/src/fanout/log-order.ts';
import { markedText } from '../generator/marker.ts';
import { laneAlone } from './lane.ts';

/** One of the paths that every message takes. */
export interface HotPath {
  readonly name: string;
  /** Does it once, for so many messages. */
  readonly messages: number;
  run(): void | Promise<void>;
}

const BATCH = 16;
const roomId = randomUUID() as RoomId;
const userId = randomUUID() as UserId;
const user = { userId, displayName: 'Ada Lovelace' };
const text = markedText({ number: 1, sentAt: 1 }, 300);

function events(firstSeq: number): RoomEvent[] {
  return Array.from({ length: BATCH }, (_, index) => {
    const seq = firstSeq + index;
    const message = {
      roomId,
      seq,
      messageId: randomUUID() as never,
      userId,
      text,
      attachments: [],
      reactions: [],
      createdAt: seq,
    };
    return { event: 'message_created', roomId, seq, data: { message, user } };
  });
}

const header = { kind: 'events', roomId, firstSeq: 1, lastSeq: BATCH } as const;
const broadcast = encodeRoomBroadcast(header, events(1));
const bodies = events(1).map((event) => Buffer.from(JSON.stringify(event)));
const command = JSON.stringify({ id: 1, action: 'create_message', data: { roomId, messageId: randomUUID(), text } });

const append = laneAlone(roomId, user);
const texts = Array.from({ length: BATCH }, () => text);

export const HOT_PATHS: readonly HotPath[] = [
  { name: 'parse a command frame', messages: 1, run: () => void parseFrame(command) },
  { name: 'build a frame of 16 entries', messages: BATCH, run: () => void textFrame(bodies) },
  { name: 'encode a broadcast of 16 entries', messages: BATCH, run: () => void encodeRoomBroadcast(header, events(1)) },
  {
    name: 'read the header of a broadcast and put it in order',
    messages: BATCH,
    run() {
      const { header: read, events: body } = decodeRoomBroadcast(broadcast);
      new LogOrder().accept({ firstSeq: read.firstSeq, lastSeq: read.lastSeq, body, hasMembershipChanges: false });
    },
  },
  { name: 'lane: 16 messages stored and published', messages: BATCH, run: () => append(texts) },
];

/** The unit that costs are counted in, so that they mean the same on a slow and on a fast machine. */
export const CALIBRATION: HotPath = {
  name: 'JSON of one entry, there and back',
  messages: 1,
  run: () => void JSON.parse(JSON.stringify(calibrationEntry)),
};

const [calibrationEntry] = events(1);
