import { uuidv7 } from '../../domain/ids.ts';
import { assemble, type EngineEnvironment } from './assembly.ts';
import type { Channel, ChannelMessage } from '../protocol/channel.ts';
import type { Post } from './hub.ts';
import type { Release } from '../protocol/locks.ts';
import type { TabMessage } from '../protocol/messages.ts';
import { Takeover } from './takeover.ts';

type Parts = ReturnType<typeof assemble>;
type Hello = Extract<TabMessage, { kind: 'hello' }>;

/** A tab of this worker's own, or of an engine that relays for it. */
interface Port {
  readonly portId: string;
  readonly post: Post;
  /** What it said last about itself, for the next engine. */
  hello: Hello | null;
}

/**
 * The one program behind all tabs of a person in this browser: one connection, one outbox, one state, of which tabs
 * are sent snapshots and patches. It works only while it holds the person's engine lock; at other times it relays
 * between its tabs and the engine that does.
 */
export class Engine {
  readonly #environment: EngineEnvironment;
  readonly #channel: Channel;
  readonly #takeover: Takeover;
  readonly #ports = new Map<string, Port>();
  /** Tabs that reach this engine over the channel. */
  readonly #remote = new Map<string, Post>();
  #working: Parts | null = null;
  #stepDown: () => void = () => undefined;

  constructor(environment: EngineEnvironment) {
    this.#environment = environment;
    this.#channel = environment.openChannel();
    this.#takeover = new Takeover({ ...environment, channel: this.#channel });
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    void this.#run();
  }

  /** A port to a tab: what the tab says is given to the returned function, what it is told goes to `post`. */
  accept(post: Post): (message: TabMessage) => void {
    const port: Port = { portId: uuidv7(), post, hello: null };
    this.#ports.set(port.portId, port);
    return (message) => this.#receive(port, message);
  }

  /** The browser has its network back. */
  networkIsBack(): void {
    this.#working?.connection.tryNow();
  }

  /** Works whenever it may, and gives up working when another engine is to. */
  async #run(): Promise<never> {
    for (;;) {
      const ended = new Promise<void>((resolve) => (this.#stepDown = resolve));
      const release = await this.#takeover.acquire(() => this.#stepDown());
      await this.#work(release, ended);
    }
  }

  async #work(release: Release, ended: Promise<void>): Promise<void> {
    const engineId = uuidv7();
    const parts = assemble(this.#environment, engineId);
    let isOver = false;
    // At once, whatever it is doing: nothing may be sent after another engine has begun.
    const over = ended.then(() => {
      isOver = true;
      this.#working = null;
      this.#remote.clear();
      parts.stop();
      release();
    });
    await parts.start(() => this.#stepDown());
    if (!isOver) this.#begin(parts, engineId);
    await over;
  }

  #begin(parts: Parts, engineId: string): void {
    this.#working = parts;
    this.#channel.postMessage({ started: engineId });
    for (const { post, hello } of this.#ports.values()) if (hello) parts.hub.receive(post, hello);
  }

  #receive(port: Port, message: TabMessage): void {
    if (message.kind === 'hello') port.hello = message;
    if (message.kind === 'bye') this.#ports.delete(port.portId);
    if (this.#working) this.#working.hub.receive(port.post, message);
    else this.#channel.postMessage({ from: port.portId, message });
  }

  #hear(said: ChannelMessage): void {
    if ('wanted' in said) {
      if (this.#takeover.wanted(said.wanted)) this.#stepDown();
    } else if ('kept' in said) this.#takeover.kept(said.kept);
    else if ('started' in said) this.#introduceTabs();
    else if ('from' in said) this.#receiveRemote(said.from, said.message);
    else if (!this.#working) this.#ports.get(said.to)?.post(said.message);
  }

  /** Another engine works now, so this one does not, whatever it believes. */
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
    this.#working.hub.receive(post, message);
  }
}
