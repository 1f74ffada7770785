import { createHash, type Hash } from 'node:crypto';

/** What a collection holds: two are alike when both figures are. */
export interface Checksum {
  readonly count: number;
  /** SHA-256 over its records in the order of their keys, in hex. */
  readonly digest: string;
}

/** Of records or of bytes in their order, each told apart from the next. */
export class Summing {
  readonly #hash: Hash = createHash('sha256');
  #count = 0;

  addDocument(document: unknown): void {
    this.#add(Buffer.from(JSON.stringify(canonical(document))));
  }

  async addFile(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const file = createHash('sha256');
    for await (const chunk of chunks) file.update(chunk);
    this.#add(Buffer.concat([Buffer.from(name), file.digest()]));
  }

  end(): Checksum {
    return { count: this.#count, digest: this.#hash.digest('hex') };
  }

  #add(bytes: Buffer): void {
    this.#count += 1;
    this.#hash.update(`${bytes.length}:`).update(bytes);
  }
}

/** The same, whatever order the database hands the fields of objects out in. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, canonical(inner)]));
}
