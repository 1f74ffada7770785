import { LIMITS } from '@parley/protocol';

/**
 * One emoji as users see it: emoji that Unicode recommends, other sequences that fonts may join, flags and keycaps.
 * An emoji without its variation selector (❤ for ❤️) is one, too.
 */
const EMOJI = new RegExp(
  [
    String.raw`\p{RGI_Emoji}`,
    String.raw`\p{RI}{2}`,
    String.raw`[0-9#*]\u{FE0F}?\u{20E3}`,
    String.raw`\p{ExtPict}[\u{FE0F}\p{EMod}]?(?:\u{200D}\p{ExtPict}[\u{FE0F}\p{EMod}]?)*`,
  ]
    .map((one) => `^(?:${one})$`)
    .join('|'),
  'v',
);

export const isEmoji = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LIMITS.emojiLength && EMOJI.test(value);
