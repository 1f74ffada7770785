import { describe, expect, test } from 'vitest';
import { caretAfter, draftAfterSending, mergeDraft } from './draft.ts';

describe('a draft saved by one of two tabs', () => {
  test.each([
    ['replaces the text that it extends', 'hel', 'hel', 'hello', 'hello'],
    ['replaces nothing', '', '', 'hello', 'hello'],
    ['is added below text that another tab began at the same time', '', 'theirs', 'mine', 'theirs\nmine'],
    ['continues below it', 'mine', 'theirs\nmine', 'mine too', 'theirs\nmine too'],
    ['continues above it', 'mine', 'mine\ntheirs', 'mine too', 'mine too\ntheirs'],
    ['changes nothing if only the other tab has written', 'base', 'base and more', 'base', 'base and more'],
    ['is kept if the other tab has sent its text', 'hel', '', 'hello', 'hello'],
    ['keeps text of the other tab when it is emptied', 'hel', 'else', '', 'else'],
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
  ['within deleted text', 'one two three', 'one', 6, 3],
])('a caret %s keeps its place in the text', (_name, before, after, caret, moved) => {
  expect(caretAfter(before, after, caret)).toBe(moved);
});
