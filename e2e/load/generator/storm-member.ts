import { LoadSocket } from './load-socket.ts';
import type { PlannedMember } from './plan.ts';

interface Item {
  readonly id?: string;
  readonly ok?: { readonly rooms?: readonly { readonly roomId: string; readonly head: number }[] };
  readonly error?: { readonly code: string };
  readonly event?: string;
  readonly roomId?: string;
  readonly seq?: number;
}

/** Somebody who connects while people talk: is told of their rooms, and from there on may miss nothing of them. */
export class StormMember {
  /** By roomId: up to where it has everything. */
  readonly seqs = new Map<string, number>();
  readonly #planned: PlannedMember;
  readonly #joined = Promise.withResolvers<void>();
  #socket: LoadSocket | undefined;
  #sent = 0;

  constructor(planned: PlannedMember) {
    this.#planned = planned;
  }

  /** Resolves when it has its rooms. Rejects when it is refused, or when it misses or is told twice of something. */
  async connect(): Promise<void> {
    this.#joined.promise.catch(() => undefined);
    this.#socket = new LoadSocket(this.#planned, {
      onMessage: (buffer, start, end) => {
        for (const item of JSON.parse(buffer.toString('utf8', start, end)) as Item[]) this.#receive(item);
      },
      onFault: (reason) => this.#fail(reason),
    });
    await this.#socket.opened;
    this.#socket.send('{"id":"connect","action":"create_connection","data":{"protocol":1}}');
    await this.#joined.promise;
  }

  /** What went wrong since it was connected. */
  fault: string | undefined;

  say(roomId: string, messageId: string, text: string): void {
    this.#sent += 1;
    this.#socket?.send(
      JSON.stringify({ id: `m${this.#sent}`, action: 'create_message', data: { roomId, messageId, text } }),
    );
  }

  close(): void {
    this.#socket?.close();
  }

  #receive({ id, ok, error, event, roomId, seq }: Item): void {
    if (error !== undefined) this.#fail(`A command was refused: ${error.code}.`);
    if (id === 'connect') {
      for (const room of ok?.rooms ?? []) this.seqs.set(room.roomId, room.head);
      this.#joined.resolve();
    }
    if (event === 'resync') this.#fail('The server says that something was missed.');
    if (roomId === undefined || seq === undefined) return;
    const expected = (this.seqs.get(roomId) ?? 0) + 1;
    if (seq !== expected) this.#fail(`In ${roomId} entry ${seq} came where ${expected} was due.`);
    this.seqs.set(roomId, seq);
  }

  #fail(reason: string): void {
    this.fault ??= reason;
    this.#joined.reject(new Error(reason));
  }
}
