import { DIALECTS, type Dialect, type DialectName } from './dialects.ts';
import { LoadSocket } from './load-socket.ts';
import type { PlannedMember } from './plan.ts';

export interface LoadMemberHandlers {
  /** A frame with messages of the room; good until it returns. */
  readonly onMessages: (member: LoadMember, buffer: Buffer, start: number, end: number) => void;
  readonly onFault: (reason: string) => void;
}

/** One member of a room: connected, joined, and counting. */
export class LoadMember {
  /** How many messages it has got. */
  received = 0;
  readonly #dialect: Dialect;
  readonly #planned: PlannedMember;
  readonly #handlers: LoadMemberHandlers;
  readonly #joined = Promise.withResolvers<void>();
  #socket: LoadSocket | undefined;
  #isJoined = false;

  constructor(dialect: DialectName, planned: PlannedMember, handlers: LoadMemberHandlers) {
    this.#dialect = DIALECTS[dialect];
    this.#planned = planned;
    this.#handlers = handlers;
  }

  /** Resolves when it is in its room. */
  async connect(): Promise<void> {
    this.#joined.promise.catch(() => undefined);
    this.#socket = new LoadSocket(this.#planned, {
      onMessage: (buffer, start, end) => this.#receive(buffer, start, end),
      onFault: (reason) => this.#fault(reason),
    });
    await this.#socket.opened;
    for (const text of this.#dialect.greeting) this.#socket.send(text);
    if (this.#dialect.isJoined === undefined) this.#join();
    await this.#joined.promise;
  }

  say(room: string, text: string): void {
    this.#socket?.send(this.#dialect.messageFrame(room, text));
  }

  close(): void {
    this.#socket?.close();
  }

  #join(): void {
    this.#isJoined = true;
    this.#joined.resolve();
  }

  #receive(buffer: Buffer, start: number, end: number): void {
    const kind = this.#dialect.classify(buffer, start, end);
    if (kind === 'messages') {
      this.#handlers.onMessages(this, buffer, start, end);
    } else if (kind === 'refusal') {
      this.#fault(`The server refused: ${buffer.toString('utf8', start, Math.min(end, start + 300))}`);
    } else if (!this.#isJoined || end - start <= 2) {
      this.#answer(buffer.toString('utf8', start, end));
    }
  }

  #answer(text: string): void {
    const answer = this.#dialect.reply?.(text) ?? this.#dialect.pong?.(text);
    if (answer !== undefined) this.#socket?.send(answer);
    if (!this.#isJoined && this.#dialect.isJoined?.(text) === true) this.#join();
  }

  #fault(reason: string): void {
    this.#joined.reject(new Error(reason));
    this.#handlers.onFault(reason);
  }
}
