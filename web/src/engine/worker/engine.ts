import { uuidv7 } from '../../domain/ids.ts';
import type { EngineEnvironment } from './engine-modules.ts';
import type { Channel, ChannelMessage } from '../protocol/channel.ts';
import type { Post } from './tab-registry.ts';
import type { Release } from '../protocol/locks.ts';
import type { TabMessage } from '../protocol/messages.ts';
import { Takeover } from './takeover.ts';
import { WorkingEngine } from './working-engine.ts';

type Hello = Extract<TabMessage, { kind: 'hello' }>;

/** The port of a tab that this worker serves, itself or as a relay. */
interface Port {
  readonly portId: string;
  readonly post: Post;
  /** Its last hello, for the next engine. */
  hello: Hello | null;
}

/**
 * The one program behind all tabs of a user in this browser: one connection, one outbox, one state, of which tabs
 * receive snapshots and patches. It works only while it holds the user's engine lock; otherwise it relays between its
 * tabs and the engine that does.
 */
export class Engine {
  readonly #environment: EngineEnvironment;
  readonly #channel: Channel;
  readonly #takeover: Takeover;
  readonly #ports = new Map<string, Port>();
  /** Tabs that reach this engine over the channel. */
  readonly #remote = new Map<string, Post>();
  #working: WorkingEngine | null = null;
  #stepDown: () => void = () => undefined;

  constructor(environment: EngineEnvironment) {
    this.#environment = environment;
    this.#channel = environment.openChannel();
    this.#takeover = new Takeover({ ...environment, channel: this.#channel });
    this.#channel.onmessage = ({ data }) => this.#receiveFromChannel(data);
    void this.#run();
  }

  /** Connects a tab: `post` sends to it, the returned function receives its messages. */
  accept(post: Post): (message: TabMessage) => void {
    const port: Port = { portId: uuidv7(), post, hello: null };
    this.#ports.set(port.portId, port);
    return (message) => this.#receive(port, message);
  }

  /** The browser has its network back. */
  networkIsBack(): void {
    this.#working?.networkIsBack();
  }

  /** Works while it holds the lock, and gives way to another engine. */
  async #run(): Promise<never> {
    for (;;) {
      const ended = new Promise<void>((resolve) => (this.#stepDown = resolve));
      const release = await this.#takeover.acquire(() => this.#stepDown());
      await this.#work(release, ended);
    }
  }

  async #work(release: Release, ended: Promise<void>): Promise<void> {
    const engineId = uuidv7();
    const working = new WorkingEngine(this.#environment, engineId);
    let isOver = false;
    // At once: nothing may be sent after another engine has started.
    const over = ended.then(() => {
      isOver = true;
      this.#working = null;
      this.#remote.clear();
      working.stop();
      release();
    });
    await working.start(() => this.#stepDown());
    if (!isOver) this.#begin(working, engineId);
    await over;
  }

  #begin(working: WorkingEngine, engineId: string): void {
    this.#working = working;
    this.#channel.postMessage({ started: engineId });
    for (const { post, hello } of this.#ports.values()) if (hello) working.tabs.receive(post, hello);
  }

  #receive(port: Port, message: TabMessage): void {
    if (message.kind === 'hello') port.hello = message;
    if (message.kind === 'bye') this.#ports.delete(port.portId);
    if (this.#working) this.#working.tabs.receive(port.post, message);
    else this.#channel.postMessage({ from: port.portId, message });
  }

  #receiveFromChannel(received: ChannelMessage): void {
    if ('wanted' in received) {
      if (this.#takeover.wanted(received.wanted)) this.#stepDown();
    } else if ('kept' in received) this.#takeover.kept(received.kept);
    else if ('started' in received) this.#introduceTabs();
    else if ('from' in received) this.#receiveRemote(received.from, received.message);
    else if (!this.#working) this.#ports.get(received.to)?.post(received.message);
  }

  /** Another engine works now, so this one must not. */
  #introduceTabs(): void {
    this.#stepDown();
    for (const { portId, hello } of this.#ports.values()) {
      if (hello) this.#channel.postMessage({ from: portId, message: hello });
    }
  }

  #receiveRemote(portId: string, message: TabMessage): void {
    if (!this.#working) return;
    const post = this.#remote.get(portId) ?? ((answer) => this.#channel.postMessage({ to: portId, message: answer }));
    if (message.kind === 'bye') this.#remote.delete(portId);
    else this.#remote.set(portId, post);
    this.#working.tabs.receive(post, message);
  }
}
