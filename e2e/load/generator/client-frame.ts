const FINAL = 0x80;
const MASKED = 0x80;
const KEY_BYTES = 4;

/**
 * One frame of a client. The masking key is zero: a server has the same work with any key, and the generator has none.
 */
export function clientFrame(opcode: number, payload: string | Buffer): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const length = bytes.length;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(header + KEY_BYTES + length);
  frame[0] = FINAL | opcode;
  if (header === 2) {
    frame[1] = MASKED | length;
  } else if (header === 4) {
    frame[1] = MASKED | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MASKED | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.copy(frame, header + KEY_BYTES);
  return frame;
}
