import type { ServerProcess } from '@parley/testing/servers';

/** Something that must keep running. */
export interface Child {
  /** How it is called in what is said about it. */
  readonly label: string;
  launch(): Promise<ServerProcess>;
  /** Resolves when it does its work; rejects when it ends before. */
  ready(process: ServerProcess): Promise<void>;
  /** Told that it is to end, how long it may take: milliseconds. */
  readonly patienceMs: number;
  /** Afterwards, whatever the end was. */
  cleanUp?(): Promise<void>;
}

/** Having run for that long, a child is not taken to be failing in a loop. */
const HEALTHY_MS = 10_000;

/** Before the restart after that many failures in a row (1, 2, …): 100 ms doubling to 5 s. */
export const restartDelay = (failures: number): number => Math.min(5_000, 100 * 2 ** Math.min(failures - 1, 10));

/** Keeps a child running, from start to stop. */
export class Supervised {
  private readonly child: Child;
  private readonly say: (line: string) => void;
  private readonly stopping = Promise.withResolvers<void>();
  private process: ServerProcess | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(child: Child, say: (line: string) => void) {
    this.child = child;
    this.say = say;
  }

  /** Resolves when it is ready for the first time; rejects when it ends before, and then it is not restarted. */
  async start(): Promise<void> {
    const process = await this.launch();
    await this.child.ready(process);
    this.say(`${this.child.label}: ready (pid ${process.pid})`);
    this.running = this.keepRunning(process);
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.stopping.resolve();
    await this.process?.stop('SIGTERM', this.child.patienceMs);
    await this.running;
    await this.child.cleanUp?.();
  }

  private async launch(): Promise<ServerProcess> {
    this.process = await this.child.launch();
    // Asked to stop while it was being started.
    if (this.isStopping) await this.process.stop('SIGKILL');
    return this.process;
  }

  private async keepRunning(first: ServerProcess): Promise<void> {
    let process = first;
    let failures = 0;
    while (!this.isStopping) {
      const since = performance.now();
      const status = await process.exited;
      if (this.isStopping) return;
      failures = performance.now() - since > HEALTHY_MS ? 1 : failures + 1;
      const delay = restartDelay(failures);
      this.say(`${this.child.label}: ended with ${describeStatus(status)}; it is restarted in ${delay} ms`);
      await Promise.race([this.stopping.promise, sleep(delay)]);
      if (this.isStopping) return;
      process = await this.launch();
      const started = process;
      this.child.ready(started).then(
        () => this.say(`${this.child.label}: ready again (pid ${started.pid})`),
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
