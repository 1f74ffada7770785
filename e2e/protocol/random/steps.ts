import fc, { type Arbitrary } from 'fast-check';

export const PEOPLE = 8;
export const CONNECTIONS = 12;
export const GATEWAYS = 2;

/**
 * Something that happens in a run. `client`, `room` and `people` are numbers of what is there when it happens: the
 * room is one of those that the client has then.
 */
export type Step =
  | { readonly does: 'say'; readonly client: number; readonly room: number; readonly times: number }
  | { readonly does: 'sayAgain'; readonly client: number }
  | { readonly does: 'createRoom'; readonly client: number; readonly people: readonly number[] }
  | { readonly does: 'addMembers'; readonly client: number; readonly room: number; readonly people: readonly number[] }
  | { readonly does: 'leave'; readonly client: number; readonly room: number }
  | { readonly does: 'invite'; readonly client: number; readonly room: number; readonly guest: number }
  | { readonly does: 'rename'; readonly client: number; readonly room: number; readonly name: number }
  | { readonly does: 'remove'; readonly client: number; readonly room: number; readonly person: number }
  /** Up to the end of what the client has, or up to so many before it. */
  | { readonly does: 'read'; readonly client: number; readonly room: number; readonly before: number }
  | { readonly does: 'type'; readonly client: number; readonly room: number }
  | { readonly does: 'drop'; readonly client: number }
  | { readonly does: 'cutBus'; readonly gateway: number }
  | { readonly does: 'restoreBus'; readonly gateway: number }
  /** Everything asked so far is answered before what follows. */
  | { readonly does: 'settle' };

const client = fc.nat({ max: CONNECTIONS - 1 });
const room = fc.nat({ max: 99 });
const gateway = fc.nat({ max: GATEWAYS - 1 });
const person = fc.nat({ max: PEOPLE - 1 });
const people = fc.uniqueArray(person, { minLength: 1, maxLength: PEOPLE - 2 });

const does = <Name extends Step['does']>(name: Name) => fc.constant(name);

const step: Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ does: does('say'), client, room, times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ does: does('sayAgain'), client }) },
  { weight: 3, arbitrary: fc.record({ does: does('createRoom'), client, people }) },
  { weight: 5, arbitrary: fc.record({ does: does('addMembers'), client, room, people }) },
  { weight: 5, arbitrary: fc.record({ does: does('leave'), client, room }) },
  { weight: 3, arbitrary: fc.record({ does: does('invite'), client, room, guest: client }) },
  { weight: 4, arbitrary: fc.record({ does: does('rename'), client, room, name: fc.nat({ max: 9 }) }) },
  { weight: 4, arbitrary: fc.record({ does: does('remove'), client, room, person }) },
  { weight: 8, arbitrary: fc.record({ does: does('read'), client, room, before: fc.nat({ max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ does: does('type'), client, room }) },
  { weight: 5, arbitrary: fc.record({ does: does('drop'), client }) },
  { weight: 1, arbitrary: fc.record({ does: does('cutBus'), gateway }) },
  { weight: 2, arbitrary: fc.record({ does: does('restoreBus'), gateway }) },
  { weight: 5, arbitrary: fc.record({ does: does('settle') }) },
);

/** What a run does, and the seed of everything in it that is left to chance. */
export interface Script {
  readonly seed: number;
  readonly steps: readonly Step[];
}

export const script: Arbitrary<Script> = fc.record({
  seed: fc.nat(),
  steps: fc.array(step, { minLength: 80, maxLength: 120, size: 'max' }),
});
