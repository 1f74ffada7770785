import fc, { type Arbitrary } from 'fast-check';

export const PEOPLE = 8;
export const CONNECTIONS = 12;
export const GATEWAYS = 2;
const EMOJI = ['👍', '🎉', '❤️'] as const;

/**
 * One step of a run. `client`, `room` and `people` are indexes into what exists when the step runs; `room` selects
 * among the rooms that the client has at that time.
 */
export type Step =
  | { readonly does: 'say'; readonly client: number; readonly room: number; readonly times: number }
  | { readonly does: 'sayAgain'; readonly client: number }
  | { readonly does: 'createRoom'; readonly client: number; readonly people: readonly number[] }
  | { readonly does: 'addMembers'; readonly client: number; readonly room: number; readonly people: readonly number[] }
  /** `message` is one of those that the client then shows of the room: its own, or for a reaction any. */
  | { readonly does: 'edit'; readonly client: number; readonly room: number; readonly message: number }
  | { readonly does: 'erase'; readonly client: number; readonly room: number; readonly message: number }
  | {
      readonly does: 'react';
      readonly client: number;
      readonly room: number;
      readonly message: number;
      readonly emoji: (typeof EMOJI)[number];
      readonly on: boolean;
    }
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
const message = fc.nat({ max: 99 });
const gateway = fc.nat({ max: GATEWAYS - 1 });
const person = fc.nat({ max: PEOPLE - 1 });
const people = fc.uniqueArray(person, { minLength: 1, maxLength: PEOPLE - 2 });

const does = <Name extends Step['does']>(name: Name) => fc.constant(name);

const react = fc.record({
  ...{ does: does('react'), client, room, message },
  emoji: fc.constantFrom(...EMOJI),
  on: fc.nat(3).map((chance) => chance > 0),
});

const step: Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ does: does('say'), client, room, times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ does: does('sayAgain'), client }) },
  { weight: 8, arbitrary: fc.record({ does: does('edit'), client, room, message }) },
  { weight: 4, arbitrary: fc.record({ does: does('erase'), client, room, message }) },
  { weight: 8, arbitrary: react },
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
