import type { Histogram } from './histogram.ts';
import { LoadMember } from './load-member.ts';
import { markedText, microseconds, scanMarks } from './marker.ts';
import type { Pattern, Plan, RoomShare } from './plan.ts';
import { RoomChecker } from './room-checker.ts';
import { SeenFrames } from './seen-frames.ts';

const MICROSECONDS = 1_000_000;

/** What all rooms of a process count together. */
export interface Tally {
  deliveries: number;
  /** WebSocket frames that they came in. */
  frames: number;
  messages: number;
  latencies: Histogram;
}

/** One room with the members that this process plays: talks in it, and judges what comes. */
export class LoadRoom {
  readonly members: readonly LoadMember[];
  readonly #name: string;
  readonly #plan: Plan;
  readonly #tally: Tally;
  readonly #checker: RoomChecker;
  readonly #frames = new SeenFrames();
  readonly #onFault: (reason: string) => void;
  #sent = 0;
  #pattern: Pattern | undefined;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(planned: RoomShare, plan: Plan, tally: Tally, onFault: (reason: string) => void) {
    this.#name = planned.name;
    this.#plan = plan;
    this.#tally = tally;
    this.#onFault = onFault;
    this.#checker = new RoomChecker(planned.members.length, planned.senders);
    const handlers = {
      onMessages: (member: LoadMember, buffer: Buffer, start: number, end: number) =>
        this.#receive(member, buffer, start, end),
      onFault,
    };
    this.members = planned.members.map((member) => new LoadMember(plan.dialect, member, handlers));
  }

  get sent(): number {
    return this.#sent;
  }

  get complete(): number {
    return this.#checker.complete;
  }

  talk(pattern: Pattern): void {
    this.#pattern = pattern;
    if (pattern.kind === 'window') {
      for (let n = 0; n < pattern.inFlight; n += 1) this.#say(microseconds());
    } else {
      // Rooms that all talk at the same moment would be another load than this.
      this.#startedAt = microseconds() + (Math.random() * MICROSECONDS) / pattern.perSecond;
      this.#sayDue(pattern.perSecond, 0);
    }
  }

  silence(): void {
    this.#pattern = undefined;
    clearTimeout(this.#timer);
  }

  /** Throws DeliveryFault unless everybody has all of so many messages. */
  check(sent: number): void {
    this.#checker.finish(sent);
  }

  /** What the generator could not send in time counts from when it was due. */
  #sayDue(perSecond: number, said: number): void {
    const now = microseconds();
    let next = said;
    for (let due = this.#dueAt(next, perSecond); due <= now; due = this.#dueAt(next, perSecond)) {
      this.#say(due);
      next += 1;
    }
    const waitMs = (this.#dueAt(next, perSecond) - now) / 1_000;
    this.#timer = setTimeout(() => this.#sayDue(perSecond, next), Math.max(1, waitMs));
  }

  #dueAt(index: number, perSecond: number): number {
    return this.#startedAt + (index * MICROSECONDS) / perSecond;
  }

  #say(sentAt: number): void {
    const number = this.#sent;
    this.#sent += 1;
    this.members[number % this.members.length]?.say(
      this.#name,
      markedText({ number, sentAt }, this.#plan.messageBytes),
    );
  }

  #receive(member: LoadMember, buffer: Buffer, start: number, end: number): void {
    try {
      const now = microseconds();
      this.#tally.frames += 1;
      const seen = this.#frames.find(member.received, buffer, start, end);
      if (seen === undefined) this.#readMarks(member, buffer, start, end, now);
      else
        for (const sentAt of seen.sentAt) this.#count(member, now - sentAt, this.#checker.deliverSame(member.received));
    } catch (error) {
      this.#onFault((error as Error).message);
    }
  }

  #readMarks(member: LoadMember, buffer: Buffer, start: number, end: number, now: number): void {
    const place = member.received;
    const times: number[] = [];
    scanMarks(buffer, start, end, (number, sentAt) => {
      times.push(sentAt);
      this.#count(member, now - sentAt, this.#checker.deliver(member.received, number));
    });
    if (times.length > 0) this.#frames.add(place, buffer, start, end, times);
  }

  #count(member: LoadMember, latency: number, completed: boolean): void {
    member.received += 1;
    this.#tally.deliveries += 1;
    this.#tally.latencies.record(latency);
    if (!completed) return;
    this.#tally.messages += 1;
    if (this.#pattern?.kind === 'window') this.#say(microseconds());
  }
}
