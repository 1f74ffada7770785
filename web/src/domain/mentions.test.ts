import type { User, UserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { matchingUsers, mentionAt, mentionedIn, withMention } from './mentions.ts';

const user = (displayName: string): User => ({ userId: displayName as UserId, displayName });
const users = ['Ada Lovelace', 'Adam', 'José Ádamo', 'Grace Hopper'].map(user);

describe('a mention that is being typed', () => {
  test.each([
    ['@', 1, { start: 0, query: '' }],
    ['hello @ada', 10, { start: 6, query: 'ada' }],
    ['(@ada', 5, { start: 1, query: 'ada' }],
    ['@Ada Lo', 7, { start: 0, query: 'Ada Lo' }],
    ['@ada later', 4, { start: 0, query: 'ada' }],
    ['write to ada@example.org', 24, null],
    ['@ ada', 5, null],
    ['@ada\nnext', 9, null],
    ['@ada is not the one', 19, null],
    ['no mention', 10, null],
  ])('%j at %i', (text, caret, expected) => {
    expect(mentionAt(text, caret)).toEqual(expected);
  });

  test('finds users by the beginning of a name or of a word of it, ignoring accents', () => {
    expect(matchingUsers(users, 'ada').map(({ displayName }) => displayName)).toEqual([
      'Ada Lovelace',
      'Adam',
      'José Ádamo',
    ]);
    expect(matchingUsers(users, 'hop').map(({ displayName }) => displayName)).toEqual(['Grace Hopper']);
    expect(matchingUsers(users, 'zz')).toEqual([]);
  });

  test('becomes the whole name, with one space after it', () => {
    expect(withMention('hello @gra and you', { start: 6, query: 'gra' }, 'Grace Hopper')).toEqual({
      text: 'hello @Grace Hopper and you',
      caret: 20,
    });
  });
});

describe('the users mentioned in a text', () => {
  test.each([
    ['hello @Adam!', ['Adam']],
    ['@Grace Hopper and @Ada Lovelace', ['Ada Lovelace', 'Grace Hopper']],
    ['@Adamantine', []],
    ['@ada lovelace', []],
    ['Adam', []],
  ])('%j', (text, expected) => {
    expect(mentionedIn(text, users)).toEqual(expected);
  });
});
