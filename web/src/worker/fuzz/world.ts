import type { MessageId, RoomId } from '@parley/protocol';
import { IntentError } from '../tab.ts';
import { ada, bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle, turns } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';
import type { Fate } from '../testing/fake-server.ts';
import type { PacedStep, Step } from './steps.ts';

const [OLD_BUILD, NEW_BUILD] = [1, 2] as const;

/** A word that somebody wrote, in a draft or in a message of its own. */
export interface Written {
  readonly word: string;
  readonly roomId: RoomId;
  readonly tabId: string;
  readonly isMessage: boolean;
  /** The tab was told that it is kept. */
  isKept: boolean;
}

/** A browser with tabs of two builds, a server, and everything that was written. */
export class World {
  readonly browser = new FakeBrowser();
  readonly tabs: OpenTab[] = [];
  readonly written: Written[] = [];
  readonly #fates: Fate[] = [];
  #tampering: 'lose' | 'repeat' | 'delay' | null = null;
  #delayed: Parameters<FakeBrowser['server']['tamper']>[0] = [];
  #words = 0;

  constructor(random: () => number) {
    const { server } = this.browser;
    this.browser.random = random;
    server.others.set(bob.userId, bob);
    for (const name of ['engines', 'gardens', 'weather']) server.addRoom(name, bob);
    server.fate = () => this.#fates.shift() ?? 'answer';
    server.tamper = (events) => {
      const [tampering, delayed] = [this.#tampering, this.#delayed];
      this.#tampering = null;
      this.#delayed = tampering === 'delay' ? events : [];
      if (tampering === 'lose' || tampering === 'delay') return delayed;
      return tampering === 'repeat' ? [...events, ...delayed, ...events] : [...events, ...delayed];
    };
  }

  get rooms(): readonly FakeRoom[] {
    return [...this.browser.server.rooms.values()];
  }

  async take({ step, turns: count }: PacedStep): Promise<void> {
    await this.#take(step);
    if (count === 'settled') await settle();
    else await turns(count);
  }

  /** Ends all trouble, and gives everything the time that it needs. */
  async heal(): Promise<void> {
    const { server, clock } = this.browser;
    server.isUp = true;
    this.#fates.length = 0;
    this.#tampering = null;
    this.#delayed = [];
    if (this.tabs.length === 0) await this.#openTab(NEW_BUILD);
    for (let round = 0; round < 8; round += 1) {
      server.heartbeat();
      await clock.advance(10_000);
      // What gateways find out every 30 s.
      server.send([{ event: 'resync', data: {} }]);
      await settle();
      for (const { tab, view } of this.tabs.slice(0, 1)) {
        for (const { messageId, status } of view.unsent.values()) {
          if (status === 'failed') await tab.request('retry_message', { messageId });
        }
      }
    }
    for (const open of this.tabs)
      for (const { roomId } of this.rooms) this.#ask(open.tab.request('open_room', { roomId }));
    await settle();
    await clock.advance(3_000);
  }

  #take(step: Step): Promise<void> | void {
    const { server, clock } = this.browser;
    switch (step.kind) {
      case 'type':
        return this.#inTab(step, (tab, roomId) => this.#type(tab, roomId));
      case 'send':
        return this.#inTab(step, (tab, roomId) => this.#send(tab, roomId));
      case 'open_room':
        return this.#inTab(step, ({ tab }, roomId) => this.#ask(tab.request('open_room', { roomId })));
      case 'create_room':
        return this.#inTab({ ...step, room: 0 }, (tab) => this.#createRoom(tab));
      case 'write': {
        const room = at(this.rooms, step.room);
        if (room) server.write(room, bob, `bob${++this.#words}`);
        return;
      }
      case 'restart_engine':
        return void this.browser.restartEngine(step.room % 2 ? NEW_BUILD : OLD_BUILD);
      case 'kill_engine':
        return void this.browser.killEngine(step.room % 2 ? NEW_BUILD : OLD_BUILD);
      case 'open_tab':
        return this.tabs.length < 4 ? this.#openTab(step.room % 2 ? NEW_BUILD : OLD_BUILD) : undefined;
      case 'close_tab':
        return at(this.#remove(step.tab), 0)?.tab.close();
      case 'crash_tab': {
        const crashed = at(this.#remove(step.tab), 0);
        return crashed && void this.browser.crashTab(crashed);
      }
      case 'cut':
        return server.cut();
      case 'server_down':
        server.isUp = false;
        return server.cut();
      case 'server_up':
        server.isUp = true;
        return;
      case 'heartbeat':
        return server.heartbeat();
      case 'wait':
        return clock.advance(step.ms);
      case 'fate':
        this.#fates.push(isPlain(step.fate) ? step.fate : { code: step.fate });
        return;
      case 'tamper':
        this.#tampering = step.tampering;
    }
  }

  async #openTab(build: number): Promise<void> {
    this.tabs.push(await this.browser.openTab(ada, build));
  }

  #remove(tab: number): OpenTab[] {
    return this.tabs.length === 0 ? [] : this.tabs.splice(tab % this.tabs.length, 1);
  }

  #inTab(step: { tab: number; room: number }, run: (tab: OpenTab, roomId: RoomId) => void): void {
    const [tab, room] = [at(this.tabs, step.tab), at(this.rooms, step.room)];
    if (tab && room) run(tab, room.roomId);
  }

  #type({ tab, tabId, view }: OpenTab, roomId: RoomId): void {
    const written = this.#write(roomId, tabId, false);
    const base = view.drafts.get(roomId) ?? '';
    const text = `${base} ${written.word}`.trim();
    view.drafts.set(roomId, text);
    this.#ask(
      tab.request('save_draft', { roomId, base, text }).then((saved) => {
        written.isKept = true;
        view.drafts.set(roomId, saved.text);
      }),
    );
  }

  #send({ tab, tabId, view }: OpenTab, roomId: RoomId): void {
    const written = this.#write(roomId, tabId, true);
    const text = `${view.drafts.get(roomId) ?? ''} ${written.word}`.trim();
    const messageId = `message-${written.word}`.padEnd(24, '-') as MessageId;
    this.#ask(
      tab.request('send_message', { roomId, messageId, text }).then(({ draft }) => {
        written.isKept = true;
        view.drafts.set(roomId, draft);
      }),
    );
  }

  /** A room that the server makes at once or later; what is written to it waits for that. */
  #createRoom(open: OpenTab): void {
    const roomId = `room-made-by-ada-${++this.#words}` as RoomId;
    this.#ask(open.tab.request('create_room', { roomId, memberIds: [bob.userId] }));
    this.#send(open, roomId);
  }

  #write(roomId: RoomId, tabId: string, isMessage: boolean): Written {
    const word = `${isMessage ? 'm' : 'w'}${++this.#words}`;
    const written = { word, roomId, tabId, isMessage, isKept: false };
    this.written.push(written);
    return written;
  }

  /** Refused: `internal` was answered too often. What the tab was not told to be kept may be gone with it. */
  #ask(answer: Promise<unknown>): void {
    answer.catch((failure: unknown) => {
      if (!(failure instanceof IntentError)) throw failure;
    });
  }
}

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

const isPlain = (fate: string): fate is 'silence' | 'cut_before' | 'cut_after' =>
  fate === 'silence' || fate === 'cut_before' || fate === 'cut_after';
