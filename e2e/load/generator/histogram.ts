/** Each power of two in so many buckets: a value is known to 1.6 %. */
const STEPS = 64;
const STEP_BITS = 6;
const POWERS = 32;

/** Counts microseconds, up to an hour, in buckets that grow with the value; two of them can be added. */
export class Histogram {
  readonly #counts: Float64Array;
  #total = 0;

  constructor(counts: readonly number[] = []) {
    this.#counts = new Float64Array(STEPS * (POWERS - STEP_BITS + 1));
    for (const [index, count] of counts.entries()) this.#add(index, count);
  }

  get total(): number {
    return this.#total;
  }

  record(value: number, times = 1): void {
    this.#add(bucketOf(Math.max(0, value)), times);
  }

  add(other: Histogram): void {
    for (const [index, count] of other.#counts.entries()) if (count > 0) this.#add(index, count);
  }

  /** Microseconds that this share of the values does not exceed (the middle of its bucket); 0 when there are none. */
  percentile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (const [index, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= wanted) return middleOf(index);
    }
    return 0;
  }

  /** For the constructor, in another process. */
  toCounts(): number[] {
    return [...this.#counts];
  }

  #add(index: number, count: number): void {
    const at = Math.min(index, this.#counts.length - 1);
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
    this.#total += count;
  }
}

/** Below STEPS a bucket for each microsecond; above, the highest bits decide. */
function bucketOf(value: number): number {
  const whole = Math.floor(value);
  if (whole < STEPS) return whole;
  const power = Math.floor(Math.log2(whole));
  return STEPS * (power - STEP_BITS + 1) + Math.floor(whole / 2 ** (power - STEP_BITS)) - STEPS;
}

function middleOf(index: number): number {
  if (index < STEPS) return index;
  const power = Math.floor(index / STEPS) + STEP_BITS - 1;
  const width = 2 ** (power - STEP_BITS);
  return 2 ** power + ((index % STEPS) + 0.5) * width;
}
