import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, newMessageId, newTestUser, newRoom, startParley, waitForSeq, type Parley } from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley({ PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' });
});
afterAll(() => parley.close());

const LONG = 'x'.repeat(8_000);

test('a client that reads no events is closed with 4008, and others are not affected', async () => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const stuck = await connect(parley, ada);
  stuck.client.pause();
  let closed = false;
  void stuck.client.closed.then(() => (closed = true));
  let seq = 0;
  // The buffers of the operating system fill first, before anything waits in the server.
  for (; seq < 5_000 && !closed; seq += 50) {
    await Promise.all(
      Array.from({ length: 50 }, () =>
        ada.client.command('create_message', { roomId, messageId: newMessageId(), text: LONG }),
      ),
    );
    if (seq > 1_500) stuck.client.resume();
  }
  expect((await stuck.client.closed).code).toBe(4008);
  await waitForSeq(ada, roomId, seq);
});

test('a client that sends many commands before it reads receives all answers in order', async () => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  for (let count = 0; count < 40; count++) {
    await ada.client.command('create_message', { roomId, messageId: newMessageId(), text: LONG });
  }
  const greedy = await connect(parley, ada);
  greedy.client.pause();
  greedy.client.send(
    JSON.stringify(Array.from({ length: 64 }, (_, id) => ({ id, action: 'get_messages', data: { roomId } }))),
  );
  greedy.client.resume();
  await greedy.client.waitFor((item) => 'id' in item && item.id === 63);
  const answers = greedy.client.items.filter((item) => 'id' in item && typeof item.id === 'number');
  expect(answers.map((item) => ('id' in item ? item.id : undefined))).toEqual(
    Array.from({ length: 64 }, (_, id) => id),
  );
});
