import { ParleyError, type AppendResult, type MessageApi, type NewMessage } from '@parley/contracts';
import type { Message, MessageId, RoomId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { userId } from '../testing/fixtures.ts';
import { MAX_PENDING, MAX_PENDING_IN_ROOM, MessageSender } from './message-sender.ts';

type Request = Parameters<MessageApi['appendMessages']>[0];
type Response = Awaited<ReturnType<MessageApi['appendMessages']>>;

const roomA = 'room-a' as RoomId;
const roomB = 'room-b' as RoomId;

const newMessage = (name: string): NewMessage => ({
  userId,
  messageId: name as MessageId,
  text: name,
  attachmentIds: [],
});

function stored(roomId: RoomId, { messageId, text }: NewMessage): AppendResult {
  return {
    message: {
      roomId,
      messageId,
      text,
      userId,
      seq: 1,
      attachments: [],
      reactions: [],
      createdAt: 0,
    } satisfies Message,
  };
}

/** A message service whose calls wait until the test answers them. */
function waitingService() {
  const calls: { request: Request; answer: (response?: Response) => void; fail: (error: Error) => void }[] = [];
  const service: Pick<MessageApi, 'appendMessages'> = {
    appendMessages: (request) =>
      new Promise((resolve, reject) => {
        const success = {
          results: request.batches.map(({ roomId, messages }) => messages.map((message) => stored(roomId, message))),
        };
        calls.push({ request, answer: (response = success) => resolve(response), fail: reject });
      }),
  };
  return { calls, service };
}

const namesOf = (request: Request | undefined): string[][] =>
  request?.batches.map(({ messages }) => messages.map(({ messageId }) => messageId)) ?? [];

test('messages of one tick are sent in one call, in order within each room', async () => {
  const { calls, service } = waitingService();
  const sender = new MessageSender(service, () => '');
  const sent = [
    sender.send(roomA, newMessage('1')),
    sender.send(roomB, newMessage('2')),
    sender.send(roomA, newMessage('3')),
  ];
  await expect.poll(() => calls.length).toBe(1);
  expect(namesOf(calls[0]?.request)).toEqual([['1', '3'], ['2']]);
  calls[0]?.answer();
  expect((await Promise.all(sent)).map(({ messageId }) => messageId)).toEqual(['1', '2', '3']);
});

test('a room has one call in flight, and later messages wait for the next', async () => {
  const { calls, service } = waitingService();
  const sender = new MessageSender(service, () => '');
  const sent = [sender.send(roomA, newMessage('1'))];
  await expect.poll(() => calls.length).toBe(1);
  sent.push(sender.send(roomA, newMessage('2')), sender.send(roomA, newMessage('3')));
  const other = sender.send(roomB, newMessage('4'));
  await expect.poll(() => calls.length).toBe(2);
  expect(namesOf(calls[1]?.request)).toEqual([['4']]);
  calls[0]?.answer();
  await expect.poll(() => calls.length).toBe(3);
  expect(namesOf(calls[2]?.request)).toEqual([['2', '3']]);
  calls[1]?.answer();
  calls[2]?.answer();
  await Promise.all([...sent, other]);
});

test('rooms of different replicas are sent in different calls', async () => {
  const { calls, service } = waitingService();
  const sender = new MessageSender(service, (roomId) => roomId);
  const sent = [sender.send(roomA, newMessage('1')), sender.send(roomB, newMessage('2'))];
  await expect.poll(() => calls.length).toBe(2);
  for (const { answer } of calls) answer();
  await Promise.all(sent);
});

test('a refused message does not affect the others of its call', async () => {
  const { calls, service } = waitingService();
  const sender = new MessageSender(service, () => '');
  const good = sender.send(roomA, newMessage('1'));
  const bad = sender.send(roomA, newMessage('2'));
  const refused = expect(bad).rejects.toMatchObject({ code: 'conflict' });
  await expect.poll(() => calls.length).toBe(1);
  const error = new ParleyError('conflict', 'Taken.').toWire();
  calls[0]?.answer({ results: [[stored(roomA, newMessage('1')), { error }]] });
  await refused;
  expect((await good).messageId).toBe('1');
});

test('a failed call fails its messages, and the next call is sent', async () => {
  const { calls, service } = waitingService();
  const sender = new MessageSender(service, () => '');
  const lost = expect(sender.send(roomA, newMessage('1'))).rejects.toMatchObject({ code: 'unavailable' });
  await expect.poll(() => calls.length).toBe(1);
  const next = sender.send(roomA, newMessage('2'));
  calls[0]?.fail(new ParleyError('unavailable', 'Gone.'));
  await lost;
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.answer();
  await next;
});

test('a message beyond the limit of its room is refused with a retry time, and other rooms go on', async () => {
  const { calls, service } = waitingService();
  const sender = new MessageSender(service, () => '');
  const sent = [sender.send(roomA, newMessage('under way'))];
  await expect.poll(() => calls.length).toBe(1);
  for (let n = 0; n < MAX_PENDING_IN_ROOM; n += 1) sent.push(sender.send(roomA, newMessage(`${n}`)));
  const refused = { code: 'unavailable', retryAfterMs: 1_000 };
  await expect(sender.send(roomA, newMessage('one too many'))).rejects.toMatchObject(refused);
  sent.push(sender.send(roomB, newMessage('elsewhere')));
  await answerAll(calls, sent);
  const again = sender.send(roomA, newMessage('in time'));
  await answerAll(calls, [again]);
});

test('a message beyond the limit of all rooms is refused', async () => {
  const { calls, service } = waitingService();
  const sender = new MessageSender(service, () => '');
  const rooms = MAX_PENDING / MAX_PENDING_IN_ROOM;
  const sent: Promise<Message>[] = [];
  for (let room = 0; room < rooms; room += 1) {
    for (let n = 0; n < MAX_PENDING_IN_ROOM; n += 1)
      sent.push(sender.send(`room-${room}` as RoomId, newMessage(`${n}`)));
  }
  await expect(sender.send(roomB, newMessage('one too many'))).rejects.toMatchObject({ code: 'unavailable' });
  await answerAll(calls, sent);
});

/** Answers calls as they come until everything that was sent is stored. */
async function answerAll(calls: ReturnType<typeof waitingService>['calls'], sent: readonly Promise<Message>[]) {
  let isDone = false;
  const done = Promise.all(sent).finally(() => (isDone = true));
  while (!isDone) {
    for (const { answer } of calls.splice(0)) answer();
    await new Promise(setImmediate);
  }
  await done;
}
