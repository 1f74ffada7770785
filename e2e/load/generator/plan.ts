import type { DialectName } from './dialects.ts';

/** One connection of the load: who it is, and the room whose messages it counts. */
export interface PlannedMember {
  readonly port: number;
  /** How this server knows who connects and to which room. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PlannedRoom {
  /** As the server names it. */
  readonly name: string;
  readonly members: readonly PlannedMember[];
}

/** A room, or what one process plays of it. */
export interface RoomShare extends PlannedRoom {
  /** Message n is sent by sender n % senders: the members that the first process plays. */
  readonly senders: number;
}

/** How a room is talked in: a constant number of messages under way, or a constant number a second. */
export type Pattern =
  { readonly kind: 'window'; readonly inFlight: number } | { readonly kind: 'rate'; readonly perSecond: number };

/** What one process of the generator is to do. */
export interface Plan {
  readonly dialect: DialectName;
  readonly rooms: readonly RoomShare[];
  readonly messageBytes: number;
  /** Only the first process talks in a room that several share. */
  readonly talks: boolean;
}

export type Order =
  | { readonly kind: 'connect'; readonly plan: Plan }
  | { readonly kind: 'talk'; readonly pattern: Pattern }
  /** From here on it counts afresh. */
  | { readonly kind: 'begin' }
  /** Up to here it counts. */
  | { readonly kind: 'end' }
  /** Sends nothing more, waits until everything has arrived, and checks it. `sent`: by room, then by sender. */
  | { readonly kind: 'finish'; readonly sent?: readonly number[] }
  | { readonly kind: 'close' };

/** What arrived between `begin` and `end`. */
export interface Counts {
  readonly deliveries: number;
  /** WebSocket frames that they came in. */
  readonly frames: number;
  readonly messages: number;
  /** Of a Histogram: from the intended time of sending to each arrival, in microseconds. */
  readonly latencies: readonly number[];
  readonly seconds: number;
  /** Of the processor time that one thread can use in that time. */
  readonly busy: number;
}

export type Answer =
  | { readonly kind: 'connected'; readonly milliseconds: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'counted'; readonly counts: Counts }
  /** By room: how many messages were sent, how many reached everybody, and a digest of their order. */
  | { readonly kind: 'finished'; readonly sent: readonly number[] }
  | { readonly kind: 'failed'; readonly reason: string };
