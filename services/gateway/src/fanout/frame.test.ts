import { expect, test } from 'vitest';
import { Receiver } from 'ws';
import { HEARTBEAT_FRAME, textFrame } from './frame.ts';

/** What another implementation of RFC 6455 reads out of it. */
async function read(frame: Buffer): Promise<string> {
  const receiver = new Receiver({ isServer: false });
  return new Promise((resolve, reject) => {
    receiver.on('message', (data) => {
      resolve(String(data));
    });
    receiver.on('error', reject);
    receiver.write(frame);
  });
}

test.each([0, 1, 100, 121, 122, 123, 124, 125, 126, 60_000, 65_531, 65_532, 65_533, 300_000])(
  'an item of %i characters arrives whole',
  async (length) => {
    const item = JSON.stringify('x'.repeat(length));
    expect(await read(textFrame([item]))).toBe(`[${item}]`);
  },
);

test('items of bytes and of text stand in one array', async () => {
  const frame = textFrame([Buffer.from('{"a":"ä"},{"b":2}'), '{"c":"🙂"}']);
  expect(JSON.parse(await read(frame))).toEqual([{ a: 'ä' }, { b: 2 }, { c: '🙂' }]);
});

test('a heartbeat is an empty array', async () => {
  expect(await read(HEARTBEAT_FRAME)).toBe('[]');
});
