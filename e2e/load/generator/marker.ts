/** The header of each message of the bench: its number in the room, and when it was due. */
export interface Mark {
  /** From 0, counted by room. */
  readonly number: number;
  /** Of the monotonic clock that all processes of a machine share, in microseconds. */
  readonly sentAt: number;
}

const START = '<<#';
const NUMBER_DIGITS = 8;
const TIME_DIGITS = 16;
const START_BYTES = Buffer.from(START);
const FILLING = 'The quick brown fox jumps over the lazy dog and says hello to everybody in the room. ';

/** A message of so many bytes (ASCII). */
export function markedText({ number, sentAt }: Mark, bytes: number): string {
  const mark = `${START}${String(number).padStart(NUMBER_DIGITS, '0')}#${String(Math.round(sentAt)).padStart(TIME_DIGITS, '0')}#>>`;
  if (mark.length > bytes) throw new RangeError(`A message of the bench has at least ${mark.length} bytes.`);
  return mark + FILLING.repeat(Math.ceil(bytes / FILLING.length)).slice(0, bytes - mark.length);
}

/** Calls `onMark` for each message in the bytes from `start` to `end`, in their order. */
export function scanMarks(
  buffer: Buffer,
  start: number,
  end: number,
  onMark: (number: number, sentAt: number) => void,
): void {
  for (let at = buffer.indexOf(START_BYTES, start); at >= 0 && at < end; at = buffer.indexOf(START_BYTES, at)) {
    const number = at + START.length;
    const time = number + NUMBER_DIGITS + 1;
    onMark(readDigits(buffer, number, NUMBER_DIGITS), readDigits(buffer, time, TIME_DIGITS));
    at = time + TIME_DIGITS;
  }
}

function readDigits(buffer: Buffer, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at += 1) value = value * 10 + ((buffer[at] ?? 0) - 0x30);
  return value;
}

/** Microseconds of the monotonic clock. */
export const microseconds = (): number => Number(process.hrtime.bigint() / 1_000n);
