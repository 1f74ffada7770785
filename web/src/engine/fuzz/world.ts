import type { Action, MessageId, RoomId } from '@parley/protocol';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import { IntentError } from '../page/tab.ts';
import { ada, bob, eve, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle, turns } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';
import type { FakeServer, Fate } from '../testing/fake-server.ts';
import type { TimedStep, Step, Upon } from './steps.ts';
import { Writing, type Written } from './writing.ts';

const [OLD_BUILD, NEW_BUILD] = [1, 2] as const;
const REVOKED = 4001;
/** Actions that tabs cause by themselves take no fate from those of the steps. */
const BY_ITSELF: ReadonlySet<string> = new Set(['get_members', 'get_presence', 'set_away']);

/** A browser with tabs of two builds and of two accounts, a server, and everything that was written. */
export class World {
  readonly browser = new FakeBrowser();
  /** Tabs of Ada, whose walk it is. */
  readonly tabs: OpenTab[] = [];
  /** Tabs of Eve, who logs in between. */
  readonly guests: OpenTab[] = [];
  readonly writing = new Writing();
  /** Messages whose deletion was confirmed before the server had them. */
  readonly deleted = new Set<MessageId>();
  readonly #fates: { readonly upon: Upon; readonly fate: Fate }[] = [];
  #tampering: 'lose' | 'repeat' | 'delay' | null = null;
  #delayed: Parameters<FakeServer['tamper']>[0] = [];

  constructor(random: () => number) {
    const { server, serverOfEve } = this.browser;
    this.browser.random = random;
    server.others.set(bob.userId, bob);
    for (const name of ['engines', 'gardens', 'weather']) server.addRoom(name, bob);
    serverOfEve.addRoom('of Eve', bob);
    server.fate = ({ action }) => this.#fateOf(action) ?? 'answer';
    server.uploadFate = () => {
      const fate = this.#fateOf('upload');
      return typeof fate === 'object' ? fate : 'store';
    };
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

  /** All rooms, with those that Ada has left. */
  get allRooms(): readonly FakeRoom[] {
    return [...this.rooms, ...this.browser.server.left.values()];
  }

  async take({ step, turns: count }: TimedStep): Promise<void> {
    await this.#take(step);
    if (count === 'settled') await settle();
    else await turns(count);
    // A page that must reload closes; the next page belongs to the session's user.
    for (const tab of this.tabs.filter(({ view }) => view.isReloaded)) this.#close(this.tabs, tab);
    for (const tab of this.guests.filter(({ view }) => view.isReloaded)) this.#close(this.guests, tab);
  }

  /** Ends all faults, and lets everything finish. */
  async heal(): Promise<void> {
    const { server, clock, disk } = this.browser;
    server.isUp = true;
    disk.isFull = false;
    this.#fates.length = 0;
    this.#tampering = null;
    this.#delayed = [];
    this.#logIn(ada);
    await this.#openTab(NEW_BUILD);
    for (let round = 0; round < 8; round += 1) {
      server.heartbeat();
      // A room may be left only now, over the new connection.
      for (const room of server.left.values()) server.comeBack(room);
      await clock.advance(10_000);
      // Gateways reconcile every 30 s.
      server.send([{ event: 'resync', data: {} }]);
      await settle();
      for (const { tab, view } of this.tabs.slice(-1)) {
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
    const { server, clock, disk } = this.browser;
    switch (step.kind) {
      case 'type':
        return this.#inTab(step, (tab, roomId) => this.#type(tab, roomId));
      case 'send':
        return this.#inTab(step, (tab, roomId) => this.#send(tab, roomId));
      case 'add_image':
        return this.#inTab(step, (tab, roomId) => this.#addAttachment(tab, roomId));
      case 'remove_image':
        return this.#inTab(step, (tab, roomId) => this.#removeAttachment(tab, roomId));
      case 'open_room':
        return this.#inTab(step, ({ tab }, roomId) => this.#ask(tab.request('open_room', { roomId })));
      case 'leave_room':
        return this.#inTab(step, ({ tab }, roomId) => this.#ask(tab.request('leave_room', { roomId })));
      case 'create_room':
        return this.#inTab({ ...step, room: 0 }, (tab) => this.#createRoom(tab));
      case 'delete':
      case 'take_back':
      case 'retry':
        return this.#withMessage(step);
      case 'come_back': {
        const [room] = server.left.values();
        return room && server.comeBack(room);
      }
      case 'write': {
        const room = at(this.rooms, step.room);
        if (room) server.write(room, bob, this.writing.next('bob'));
        return;
      }
      case 'write_unknown': {
        const room = at(this.rooms, step.room);
        if (room) server.send([room.appendUnknown(null)]);
        return;
      }
      case 'restart_engine':
        return void this.browser.restartEngine(step.room % 2 ? NEW_BUILD : OLD_BUILD);
      case 'kill_engine':
        return void this.browser.killEngine(step.room % 2 ? NEW_BUILD : OLD_BUILD);
      case 'open_tab':
        return this.tabs.length < 4 ? this.#openTab(step.room % 2 ? NEW_BUILD : OLD_BUILD) : undefined;
      case 'close_tab':
        return this.#close(this.tabs, at(this.tabs, step.tab));
      case 'crash_tab': {
        const crashed = this.#remove(this.tabs, at(this.tabs, step.tab));
        return crashed && void this.browser.crashTab(crashed);
      }
      case 'log_out':
        return this.#logOut();
      case 'log_in':
        this.#logIn(ada);
        return this.#openTab(NEW_BUILD);
      case 'other_logs_in':
        return this.#welcomeEve();
      case 'other_writes':
        return this.#writeAsEve();
      case 'disk_full':
        disk.isFull = true;
        return;
      case 'disk_free':
        disk.isFull = false;
        return;
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
        this.#fates.push({ upon: step.upon, fate: isPlain(step.fate) ? step.fate : { code: step.fate } });
        return;
      case 'tamper':
        this.#tampering = step.tampering;
    }
  }

  /** Takes the first fate for the action. */
  #fateOf(action: Action | 'upload'): Fate | undefined {
    const place = this.#fates.findIndex(
      ({ upon }) => upon === action || (upon === 'anything' && !BY_ITSELF.has(action)),
    );
    return place < 0 ? undefined : this.#fates.splice(place, 1)[0]?.fate;
  }

  /** Ada's page opens only in her own session. */
  async #openTab(build: number): Promise<void> {
    const { session } = this.browser.server;
    if (session.kind === 'user' && session.userId === ada.userId)
      this.tabs.push(await this.browser.openTab(ada, build));
  }

  #remove(tabs: OpenTab[], tab: OpenTab | undefined): OpenTab | undefined {
    if (tab) tabs.splice(tabs.indexOf(tab), 1);
    return tab;
  }

  #close(tabs: OpenTab[], tab: OpenTab | undefined): void {
    this.#remove(tabs, tab)?.tab.close();
  }

  #inTab(step: { tab: number; room: number }, run: (tab: OpenTab, roomId: RoomId) => void): void {
    const [tab, room] = [at(this.tabs, step.tab), at(this.rooms, step.room)];
    if (tab && room) run(tab, room.roomId);
  }

  /** A log-in replaces the session, and revokes the one before. */
  #logIn(user: typeof ada): void {
    const { server } = this.browser;
    if (server.session.kind === 'user' && server.session.userId === user.userId) return;
    server.session = { kind: 'user', userId: user.userId };
    server.cut(REVOKED);
    this.browser.serverOfEve.cut(REVOKED);
    for (const guest of [...this.guests]) this.#close(this.guests, guest);
  }

  #logOut(): void {
    const { server } = this.browser;
    const leaving = this.tabs[0];
    if (!leaving || server.session.kind !== 'user' || server.session.userId !== ada.userId) return;
    server.session = { kind: 'none' };
    server.cut(REVOKED);
    this.#ask(leaving.tab.request('clear_cache', {}).then(() => this.#close(this.tabs, leaving)));
  }

  async #welcomeEve(): Promise<void> {
    this.#logIn(eve);
    if (this.guests.length < 2) this.guests.push(await this.browser.openTab(eve, NEW_BUILD));
  }

  #writeAsEve(): void {
    const [guest, room] = [this.guests[0], at([...this.browser.serverOfEve.rooms.values()], 0)];
    const messageId = this.writing.next('message-of-eve-').padEnd(24, '-') as MessageId;
    if (!guest || !room) return;
    this.#ask(guest.tab.request('send_message', { roomId: room.roomId, messageId, text: 'hello of eve' }));
  }

  #type(open: OpenTab, roomId: RoomId): void {
    const { tab, tabId, view } = open;
    const written = this.writing.word('draft', roomId, tabId);
    const base = view.drafts.get(roomId) ?? '';
    const text = `${base} ${written.word}`.trim();
    view.drafts.set(roomId, text);
    const saved = tab.request('save_draft', { roomId, base, text }).then((answer) => {
      keep(open, [written]);
      view.drafts.set(roomId, answer.text);
    });
    this.#ask(this.writing.during(tabId, roomId, saved));
  }

  /** Sends what the tab shows of the room's draft, with attachments. */
  #send(open: OpenTab, roomId: RoomId): void {
    const { tab, tabId, view } = open;
    const written = this.writing.word('message', roomId, tabId);
    // As the composer does: text that is being sent is not sent again.
    const isSending = this.writing.isBusy(tabId, roomId);
    const text = isSending ? written.word : `${view.drafts.get(roomId) ?? ''} ${written.word}`.trim();
    const imageIds = isSending ? [] : (view.draftAttachments.get(roomId) ?? []);
    const messageId = `message-${written.word}`.padEnd(24, '-') as MessageId;
    const sent = tab.request('send_message', { roomId, messageId, text, imageIds }).then(({ draft }) => {
      keep(open, [written]);
      view.drafts.set(roomId, draft);
      // Without durable storage they stay in the stored draft, where the next engine finds them.
      if (view.storage === 'durable') return;
      for (const image of this.writing.among(this.writing.images, imageIds)) image.isMessage = false;
    });
    this.#ask(this.writing.during(tabId, roomId, sent));
  }

  /** A blob is recognised on the server by its type, which becomes the attachment's. */
  #addAttachment(open: OpenTab, roomId: RoomId): void {
    const written = this.writing.image(roomId, open.tabId);
    const { word: imageId } = written;
    const blob = new Blob([imageId], { type: `image/${imageId}` });
    const image: DraftAttachment = { ...{ imageId, blob }, name: imageId, width: 4, height: 3 };
    this.#ask(open.tab.request('add_draft_image', { roomId, image }).then(() => keep(open, [written])));
  }

  #removeAttachment({ tab, view }: OpenTab, roomId: RoomId): void {
    const imageId = view.draftAttachments.get(roomId)?.[0];
    if (imageId === undefined) return;
    for (const image of this.writing.among(this.writing.images, [imageId])) image.isUnwanted = true;
    this.#ask(tab.request('remove_draft_image', { roomId, imageId }));
  }

  #withMessage({ kind, tab: index, message }: Extract<Step, { kind: 'delete' | 'take_back' | 'retry' }>): void {
    const open = at(this.tabs, index);
    const unsent = open && at([...open.view.unsent.values()], message);
    if (!open || !unsent) return;
    const { messageId, text, images } = unsent;
    const words = this.writing.among(this.writing.words, text);
    if (kind === 'retry') return this.#ask(open.tab.request('retry_message', { messageId }));
    const pictures = this.writing.among(
      this.writing.images,
      images.map(({ imageId }) => imageId),
    );
    // Part of a draft from now on, and may be sent again after others; or deleted.
    for (const written of [...words, ...pictures]) written.isMessage = false;
    if (kind === 'take_back') return this.#ask(open.tab.request('return_to_draft', { messageId }));
    for (const written of [...words, ...pictures]) written.isUnwanted = true;
    this.#ask(
      open.tab.request('delete_message', { messageId }).then(() => {
        if (open.view.storage === 'durable' && !this.#isStored(messageId)) this.deleted.add(messageId);
      }),
    );
  }

  #isStored(messageId: MessageId): boolean {
    return this.allRooms.some((room) => room.messages().some((message) => message.messageId === messageId));
  }

  /** Creates a room, at once or later; messages in it wait for that. */
  #createRoom(open: OpenTab): void {
    const roomId = this.writing.next('room-made-by-ada-') as RoomId;
    this.#ask(open.tab.request('create_room', { roomId, memberIds: [bob.userId] }));
    this.#send(open, roomId);
  }

  /** A refusal, such as repeated `internal`, is allowed: what was not acknowledged to the tab may be lost. */
  #ask(answer: Promise<unknown>): void {
    answer.catch((failure: unknown) => {
      if (!(failure instanceof IntentError)) throw failure;
    });
  }
}

function keep({ view }: OpenTab, written: readonly Written[]): void {
  for (const each of written) {
    each.isKept = true;
    each.isVolatile = view.storage !== 'durable';
  }
}

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

const isPlain = (fate: string): fate is 'silence' | 'cut_before' | 'cut_after' =>
  fate === 'silence' || fate === 'cut_before' || fate === 'cut_after';
