import { setTimeout as sleep } from 'node:timers/promises';
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

const MOST_RETRIES = 30;
const RETRY_WITHIN_MS = 2_000;

/** A user who connects while others write. From the answer on, no entry of their rooms may be missing. */
export class StormMember {
  /** By roomId: up to where it has everything. */
  readonly seqs = new Map<string, number>();
  readonly #planned: PlannedMember;
  #joined = Promise.withResolvers<void>();
  #socket: LoadSocket | undefined;
  #sent = 0;

  constructor(planned: PlannedMember) {
    this.#planned = planned;
  }

  /** How often it was turned away before it came in, and came again, as clients do. */
  retries = 0;

  /** Resolves when it has its rooms. Rejects when it is turned away again and again. */
  async connect(): Promise<void> {
    for (;;) {
      try {
        await this.#attempt();
        return;
      } catch (error) {
        this.retries += 1;
        if (this.retries > MOST_RETRIES) throw error;
        await sleep(Math.random() * RETRY_WITHIN_MS);
      }
    }
  }

  /** Presence changes received. */
  presenceTold = 0;

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

  async #attempt(): Promise<void> {
    this.#joined = Promise.withResolvers<void>();
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

  #receive({ id, ok, error, event, roomId, seq }: Item): void {
    if (error !== undefined) this.#fail(`A command was refused: ${error.code}.`);
    if (id === 'connect') {
      for (const room of ok?.rooms ?? []) this.seqs.set(room.roomId, room.head);
      this.#joined.resolve();
    }
    if (event === 'presence_changed') this.presenceTold += 1;
    if (event === 'resync') this.#fail('The server reported a gap.');
    if (roomId === undefined || seq === undefined) return;
    const expected = (this.seqs.get(roomId) ?? 0) + 1;
    if (seq !== expected) this.#fail(`In ${roomId} entry ${seq} came where ${expected} was due.`);
    this.seqs.set(roomId, seq);
  }

  /** Before it has its rooms it has nothing to miss. */
  #fail(reason: string): void {
    if (this.seqs.size > 0) this.fault ??= reason;
    this.#joined.reject(new Error(reason));
  }
}
