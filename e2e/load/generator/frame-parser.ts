/** `buffer` from `start` to `end` is the payload; it is only good until the call returns. */
export type OnFrame = (opcode: number, buffer: Buffer, start: number, end: number) => void;

export const OPCODES = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FINAL = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;

/** Cuts what a WebSocket server sends (RFC 6455, 5.2) into frames, whatever pieces it comes in. Copies only what is cut. */
export class FrameParser {
  #rest: Buffer | undefined;

  /** Throws on what no server may send and on fragments, which none of these servers sends. */
  push(chunk: Buffer, onFrame: OnFrame): void {
    const buffer = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (buffer.length - at >= 2) {
      const first = buffer[at] ?? 0;
      const second = buffer[at + 1] ?? 0;
      if ((first & FINAL) === 0 || (first & 0x0f) === 0) throw new Error('The server sent a fragmented message.');
      if ((first & RESERVED) !== 0) throw new Error('The server sent a frame of an extension that was not asked for.');
      if ((second & MASKED) !== 0) throw new Error('The server sent a masked frame.');
      const short = second & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (buffer.length - at < header) break;
      const length = short < 126 ? short : short === 126 ? buffer.readUInt16BE(at + 2) : readLength(buffer, at + 2);
      const start = at + header;
      if (buffer.length - start < length) break;
      onFrame(first & 0x0f, buffer, start, start + length);
      at = start + length;
    }
    // The buffer of a read is used for the next one: what is kept of it is a copy.
    this.#rest = at === buffer.length ? undefined : Buffer.from(buffer.subarray(at));
  }
}

const readLength = (buffer: Buffer, at: number): number =>
  buffer.readUInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
