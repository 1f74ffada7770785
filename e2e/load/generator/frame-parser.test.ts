import { expect, test } from 'vitest';
import { textFrame } from '../../../services/gateway/src/fanout/frame.ts';
import { FrameParser } from './frame-parser.ts';

/** The payloads that come out when the bytes arrive in pieces of that size. */
function payloadsOf(bytes: Buffer, pieceBytes: number): string[] {
  const parser = new FrameParser();
  const payloads: string[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(start, start + pieceBytes));
    parser.push(piece, (_opcode, buffer, from, to) => payloads.push(buffer.toString('utf8', from, to)));
    // The next read overwrites what this one brought.
    piece.fill(0);
  }
  return payloads;
}

const lengths = [0, 1, 120, 123, 124, 125, 1_000, 65_530, 65_532, 65_533, 65_534, 200_000];
const frames = lengths.map((length) => textFrame(['x'.repeat(length)]));
const expected = lengths.map((length) => `[${'x'.repeat(length)}]`);

test.each([1_000_000, 65_536, 1_000, 997])(
  'frames of every kind of length come out whole from pieces of %i bytes',
  (size) => {
    expect(payloadsOf(Buffer.concat(frames), size)).toEqual(expected);
  },
);

test('a frame that arrives byte by byte comes out once', () => {
  expect(payloadsOf(textFrame(['hello']), 1)).toEqual(['[hello]']);
});

test('opcodes are passed on', () => {
  const opcodes: number[] = [];
  new FrameParser().push(Buffer.from([0x89, 0, 0x8a, 0, 0x88, 0]), (opcode) => opcodes.push(opcode));
  expect(opcodes).toEqual([9, 10, 8]);
});

test.each([
  ['a masked frame', [0x81, 0x80, 0, 0, 0, 0]],
  ['the first fragment of a message', [0x01, 0]],
  ['a later fragment', [0x80, 0]],
  ['a compressed frame', [0xc1, 0]],
])('%s is an error', (_name, bytes) => {
  expect(() => new FrameParser().push(Buffer.from(bytes), () => undefined)).toThrow('The server sent');
});
