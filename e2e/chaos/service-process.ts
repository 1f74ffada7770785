import type { ServerProcess } from '@parley/testing/servers';
import type { PlannedService } from '../../deploy/cli/cluster/plan.ts';
import { serviceChild } from '../../deploy/cli/cluster/service.ts';
import { readMetric } from '../harness/metrics.ts';
import type { Child } from '../../deploy/cli/cluster/supervised.ts';

/** One of Parley's services in a process that a test breaks. Nothing restarts it by itself. */
export class ServiceProcess {
  readonly label: string;
  readonly port: number;
  readonly #planned: PlannedService;
  #child: Child;
  #process: ServerProcess | undefined;
  #ended: ServerProcess | undefined;

  /** @param root of the tree whose build it runs */
  constructor(root: string, planned: PlannedService) {
    this.label = planned.label;
    this.port = planned.port;
    this.#planned = planned;
    this.#child = serviceChild(root, planned);
  }

  /** Resolves when it does its work. */
  async start(): Promise<void> {
    const process = await this.#child.launch();
    this.#process = process;
    void process.exited.then(() => (this.#ended = process));
    await this.#child.ready(process);
  }

  get hasEnded(): boolean {
    return this.#process !== undefined && this.#process === this.#ended;
  }

  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL');
  }

  /** SIGSTOP: its connections stay, and it does nothing. */
  pause(): void {
    this.#process?.signal('SIGSTOP');
  }

  resume(): void {
    this.#process?.signal('SIGCONT');
  }

  /**
   * As an upgrade does it. Rejects unless it ends with 0 in the time that it has.
   * @param root of another tree, whose build it runs from now on
   */
  async restart(root?: string): Promise<void> {
    await this.#process?.stop('SIGTERM', this.#child.patienceMs);
    const status = await this.#process?.exited;
    if (status !== 0) throw new Error(`${this.label} was stopped and ended with ${status}.`);
    if (root !== undefined) this.#child = serviceChild(root, this.#planned);
    await this.start();
  }

  metric(name: string): Promise<number> {
    return readMetric(`http://127.0.0.1:${this.#planned.managementPort}`, name);
  }

  async stop(): Promise<void> {
    await this.#process?.stop('SIGTERM', this.#child.patienceMs);
  }
}
