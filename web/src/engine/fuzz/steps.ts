import fc from 'fast-check';

/** What happens to a command. */
const FATES = ['cut_before', 'cut_after', 'silence', 'rate_limited', 'unavailable', 'internal'] as const;
/** What a fate applies to: otherwise requests after a reconnect would take most fates. */
const UPON = ['anything', 'create_message', 'create_message', 'upload'] as const;
export type Upon = (typeof UPON)[number];
const TAMPERINGS = ['lose', 'repeat', 'delay'] as const;

/** One step. `tab`, `room` and `message` are taken modulo the number of existing ones. */
export type Step =
  | {
      readonly kind: 'type' | 'send' | 'open_room' | 'add_image' | 'remove_image' | 'leave_room';
      readonly tab: number;
      readonly room: number;
    }
  | { readonly kind: 'delete' | 'take_back' | 'retry'; readonly tab: number; readonly message: number }
  | { readonly kind: 'come_back' | 'log_out' | 'log_in' | 'other_logs_in' | 'other_writes' | 'disk_full' | 'disk_free' }
  | { readonly kind: 'write' | 'write_unknown' | 'restart_engine' | 'kill_engine' | 'open_tab'; readonly room: number }
  | { readonly kind: 'close_tab' | 'crash_tab' | 'create_room'; readonly tab: number }
  | { readonly kind: 'cut' | 'server_down' | 'server_up' | 'heartbeat' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'fate'; readonly fate: (typeof FATES)[number]; readonly upon: Upon }
  | { readonly kind: 'tamper'; readonly tampering: (typeof TAMPERINGS)[number] };

/** A step, and what runs before the next one: turns of the event loop (at least one), or everything. */
export interface TimedStep extends StepTiming {
  readonly step: Step;
}

export interface StepTiming {
  readonly turns: number | 'settled';
}

const tab = fc.nat(3);
const room = fc.nat(3);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('type', 'send', 'send', 'open_room'), tab, room }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('add_image', 'add_image', 'remove_image'), tab, room }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('delete', 'take_back', 'retry'), tab, message: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('leave_room', 'come_back'), tab, room }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('log_out', 'log_in', 'log_in', 'other_logs_in', 'other_writes', 'disk_full', 'disk_free'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('write', 'write_unknown', 'restart_engine', 'kill_engine', 'open_tab'),
      room,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('close_tab', 'crash_tab', 'create_room'), tab }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'server_down', 'server_up', 'heartbeat') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(100, 1_000, 5_000, 20_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fate'),
      fate: fc.constantFrom(...FATES),
      upon: fc.constantFrom(...UPON),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tamper'), tampering: fc.constantFrom(...TAMPERINGS) }) },
);

/** Walks of this average length. */
export const walks = (length: number): fc.Arbitrary<TimedStep[]> =>
  fc.array(fc.record({ step, turns: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant('settled' as const)) }), {
    maxLength: 2 * length,
    size: 'max',
  });
