import { describe, expect, test } from 'vitest';
import { caretAfter, draftAfterSending, mergeDraft } from './draft.ts';

describe('a draft saved by one of two tabs', () => {
  test.each([
    ['replaces what it grew from', 'hel', 'hel', 'hello', 'hello'],
    ['replaces nothing', '', '', 'hello', 'hello'],
    ['stands below what another tab began at the same time', '', 'theirs', 'mine', 'theirs\nmine'],
    ['goes on below it', 'mine', 'theirs\nmine', 'mine too', 'theirs\nmine too'],
    ['goes on above it', 'mine', 'mine\ntheirs', 'mine too', 'mine too\ntheirs'],
    ['changes nothing where only the other has written', 'base', 'base and more', 'base', 'base and more'],
    ['comes back where the other was sent', 'hel', '', 'hello', 'hello'],
    ['does not take away what it never saw', 'hel', 'else', '', 'else'],
    ['may be emptied', 'hel', 'hel', '', ''],
  ])('%s', (_name, base, current, text, merged) => {
    expect(mergeDraft(base, current, text)).toBe(merged);
  });
});

test('sending clears the draft, but not text that another tab has added', () => {
  expect(draftAfterSending('hel', 'hello')).toBe('');
  expect(draftAfterSending('hello\n', 'hello')).toBe('');
  expect(draftAfterSending('hello you', 'hello')).toBe('hello you');
});

test.each([
  ['before the change', 'one two', 'one two three', 2, 2],
  ['after the change', 'two', 'one\ntwo', 3, 7],
  ['within what went', 'one two three', 'one', 6, 3],
])('a caret %s stays between its words', (_name, before, after, caret, moved) => {
  expect(caretAfter(before, after, caret)).toBe(moved);
});
