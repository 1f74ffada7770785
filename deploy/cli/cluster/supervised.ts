import type { ServerProcess } from '@parley/testing/servers';

/** A process to keep running. */
export interface Child {
  /** Its name in log lines. */
  readonly label: string;
  launch(): Promise<ServerProcess>;
  /** Resolves when it is ready; rejects when it ends before. */
  ready(process: ServerProcess): Promise<void>;
  /** How many milliseconds it may take to end after SIGTERM. */
  readonly patienceMs: number;
  /** Called after it has ended for good. */
  cleanUp?(): Promise<void>;
}

/** A child that has run for this long is not in a restart loop. */
const HEALTHY_MS = 10_000;

/** The delay before the restart, by the number of failures in a row: 100 ms, doubled up to 5 s. */
export const restartDelay = (failures: number): number => Math.min(5_000, 100 * 2 ** Math.min(failures - 1, 10));

/** Keeps a child running, from start to stop. */
export class Supervised {
  readonly #child: Child;
  readonly #log: (line: string) => void;
  readonly #stopping = Promise.withResolvers<void>();
  #process: ServerProcess | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(child: Child, log: (line: string) => void) {
    this.#child = child;
    this.#log = log;
  }

  /** Resolves when it is ready for the first time; rejects when it ends before, and then it is not restarted. */
  async start(): Promise<void> {
    const process = await this.#launch();
    await this.#child.ready(process);
    this.#log(`${this.#child.label}: ready (pid ${process.pid})`);
    this.#running = this.#keepRunning(process);
  }

  /** Ends the child for good. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopping.resolve();
    await this.#process?.stop('SIGTERM', this.#child.patienceMs);
    await this.#running;
    await this.#child.cleanUp?.();
  }

  async #launch(): Promise<ServerProcess> {
    this.#process = await this.#child.launch();
    // It was stopped during its start.
    if (this.#isStopping) await this.#process.stop('SIGKILL');
    return this.#process;
  }

  async #keepRunning(first: ServerProcess): Promise<void> {
    let process = first;
    let failures = 0;
    while (!this.#isStopping) {
      const since = performance.now();
      const status = await process.exited;
      if (this.#isStopping) return;
      failures = performance.now() - since > HEALTHY_MS ? 1 : failures + 1;
      const delay = restartDelay(failures);
      this.#log(`${this.#child.label}: ended with ${describeStatus(status)}; restarting in ${delay} ms`);
      await Promise.race([this.#stopping.promise, sleep(delay)]);
      if (this.#isStopping) return;
      process = await this.#launch();
      const started = process;
      this.#child.ready(started).then(
        () => this.#log(`${this.#child.label}: ready again (pid ${started.pid})`),
        // Its end is what the loop waits for.
        () => undefined,
      );
    }
  }
}

const describeStatus = (status: number): string => (status > 128 ? `signal ${status - 128}` : `status ${status}`);

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
