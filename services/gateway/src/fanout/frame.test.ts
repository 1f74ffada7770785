import { expect, test } from 'vitest';
import { HEARTBEAT_FRAME, PING_AND_HEARTBEAT_FRAMES, textFrame } from './frame.ts';

/** Decodes the payload of one frame according to RFC 6455. */
function read(frame: Buffer): string {
  expect(frame[0]).toBe(0b1000_0001);
  const short = frame.readUInt8(1);
  const [start, length] =
    short === 127 ? [10, Number(frame.readBigUInt64BE(2))] : short === 126 ? [4, frame.readUInt16BE(2)] : [2, short];
  expect(short === 127 ? length >= 65_536 : short === 126 ? length >= 126 : length < 126).toBe(true);
  expect(frame.length).toBe(start + length);
  return frame.toString('utf8', start);
}

test.each([0, 1, 100, 121, 122, 123, 124, 125, 126, 60_000, 65_531, 65_532, 65_533, 300_000])(
  'a frame with an item of %i characters decodes to that item',
  (length) => {
    const item = JSON.stringify('x'.repeat(length));
    expect(read(textFrame([item]))).toBe(`[${item}]`);
  },
);

test('a frame holds buffers and strings in one array', () => {
  const frame = textFrame([Buffer.from('{"a":"ä"},{"b":2}'), '{"c":"🙂"}']);
  expect(JSON.parse(read(frame))).toEqual([{ a: 'ä' }, { b: 2 }, { c: '🙂' }]);
});

test('a heartbeat frame is an empty array', () => {
  expect(read(HEARTBEAT_FRAME)).toBe('[]');
});

test('the ping precedes the heartbeat in their shared buffer', () => {
  expect([...PING_AND_HEARTBEAT_FRAMES.subarray(0, 2)]).toEqual([0x89, 0]);
  expect(read(PING_AND_HEARTBEAT_FRAMES.subarray(2))).toBe('[]');
});
