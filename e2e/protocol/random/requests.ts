import type { Action, ActionData, ActionOk, Answer, Command, WireError } from '@parley/protocol';

interface Request {
  /** In the order of the asking. */
  readonly id: number;
  readonly action: Action;
  readonly data: object;
  readonly settle: (outcome: Settled) => void;
  /** On which connection it was sent last, and how often it was sent. */
  connection: number;
  sends: number;
}

export interface Settled {
  readonly answer: { readonly ok: object } | { readonly error: WireError };
  readonly id: number;
  /** The connection that it was sent on; undefined: it was sent several times. */
  readonly connection: number | undefined;
}

export interface Outcome<A extends Action> extends Settled {
  readonly answer: { readonly ok: ActionOk<A> } | { readonly error: WireError };
}

/** What a client has asked and has no answer to: it is asked again on the next connection, in the same order. */
export class Requests {
  readonly #waiting = new Map<number, Request>();
  #lastId = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** To be sent now, and when there is no connection, with the next. */
  add<A extends Action>(action: A, data: ActionData<A>): { id: number; outcome: Promise<Outcome<A>> } {
    const id = (this.#lastId += 1);
    const outcome = new Promise<Settled>((settle) => {
      this.#waiting.set(id, { id, action, data, settle, connection: 0, sends: 0 });
    });
    return { id, outcome };
  }

  /** The commands of those that wait, or of one of them, which count as sent on this connection. */
  commands(connection: number, id?: number): Command[] {
    const wanted = id === undefined ? [...this.#waiting.values()] : [this.#waiting.get(id)];
    return wanted.flatMap((request) => {
      if (request === undefined) return [];
      request.connection = connection;
      request.sends += 1;
      return [{ id: request.id, action: request.action, data: request.data }];
    });
  }

  /** Whether the answer asks for the same command again, later. */
  isToRepeat(answer: Answer): boolean {
    return 'error' in answer && (answer.error.code === 'unavailable' || answer.error.code === 'rate_limited');
  }

  answered(id: number, answer: Settled['answer']): void {
    const request = this.#waiting.get(id);
    if (request === undefined) return;
    this.#waiting.delete(id);
    const { connection, sends } = request;
    request.settle({ answer, id, connection: sends === 1 ? connection : undefined });
  }
}
