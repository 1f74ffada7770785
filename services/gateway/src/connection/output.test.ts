import { Writable } from 'node:stream';
import { TickQueue } from '@parley/platform';
import { beforeEach, expect, test } from 'vitest';
import { textFrame } from '../fanout/frame.ts';
import { MAX_EVENT_BYTES_WAITING, Output } from './output.ts';

/** A socket that buffers everything until take() is called. */
class StuckSocket extends Writable {
  readonly frames: string[] = [];
  #stuck: (() => void)[] = [];
  #taking = false;

  take(): void {
    this.#taking = true;
    for (const done of this.#stuck.splice(0)) done();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.frames.push(chunk.subarray(chunk.indexOf('[')).toString());
    if (this.#taking) done();
    else this.#stuck.push(done);
  }
}

let socket: StuckSocket;
let output: Output;

beforeEach(() => {
  socket = new StuckSocket();
  const queue = new TickQueue<Output>((outputs) => {
    for (const one of outputs) one.flush();
  });
  output = new Output(socket, queue, { tick: 0 });
});

test('items sent within a tick share one frame', async () => {
  socket.take();
  output.send('{"id":1}');
  output.send('{"id":2}');
  await expect.poll(() => socket.frames).toEqual(['[{"id":1},{"id":2}]']);
});

test('a shared frame follows the items queued before it', async () => {
  socket.take();
  output.send('{"id":1}');
  output.writeShared(textFrame(['{"seq":1}']));
  await expect.poll(() => socket.frames).toEqual(['[{"id":1}]', '[{"seq":1}]']);
});

test('a client with more than 1 MiB of waiting events is too slow', () => {
  const frame = textFrame([JSON.stringify('x'.repeat(MAX_EVENT_BYTES_WAITING))]);
  expect(output.writeShared(frame)).toBe(true);
  expect(output.writeShared(frame)).toBe(false);
});

test('waiting answers do not make a client too slow', () => {
  output.send(JSON.stringify('x'.repeat(2 * MAX_EVENT_BYTES_WAITING)));
  output.flush();
  const frame = textFrame([JSON.stringify('x'.repeat(1_000))]);
  expect(output.writeShared(frame)).toBe(true);
  expect(output.writeShared(frame)).toBe(true);
});

test('the output is drained when the socket has taken all answers', async () => {
  output.send('{"id":1}');
  let drained = false;
  const waiting = output.drained().then(() => {
    drained = true;
  });
  await new Promise(setImmediate);
  expect(drained).toBe(false);
  socket.take();
  await waiting;
});

test('a ping alone does not count as a write, a heartbeat does', () => {
  socket.take();
  const ticks = { tick: 0 };
  const pulsing = new Output(socket, new TickQueue(() => undefined), ticks);
  ticks.tick = 5;
  pulsing.ping(false);
  expect(pulsing.lastWrite).toBe(0);
  pulsing.ping(true);
  expect(pulsing.lastWrite).toBe(5);
  expect(socket.frames.at(-1)).toBe('[]');
});
