import { createHash, type Hash } from 'node:crypto';

/** Two collections are equal when both values are. */
export interface Checksum {
  readonly count: number;
  /** SHA-256 over its records in the order of their keys, in hex. */
  readonly digest: string;
}

/** Computes the checksum of records or files, in order; the length of each is part of it. */
export class ChecksumBuilder {
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

/** Sorts the fields of objects, whose order differs between the databases. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, canonical(inner)]));
}
