import type { Room, RoomId, UserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { hueOf, initials, namesOf, roomTitle } from './people.ts';

const own = 'own' as UserId;

function room(names: readonly string[], memberCount = names.length + 1, name: string | null = null): Room {
  const members = [own, ...names].map((userId) => ({ userId: userId as UserId, displayName: userId }));
  return { roomId: 'r' as RoomId, name, members: members.slice(0, 5), memberCount, createdAt: 0 };
}

describe('a room’s title', () => {
  it('is its name', () => expect(roomTitle(room(['Ada'], 2, 'Design'), own)).toBe('Design'));
  it('lists the other members', () => expect(roomTitle(room(['Ada', 'Bob']), own)).toBe('Ada, Bob'));
  it('counts the members that are not listed', () => {
    expect(roomTitle(room(['Ada', 'Bob', 'Eve', 'Joe'], 12), own)).toBe('Ada, Bob, Eve, +8');
  });
  it('is “Just you” for the only member', () => expect(roomTitle(room([]), own)).toBe('Just you'));
});

describe('names', () => {
  it.each([
    [['Ada'], 'Ada'],
    [['Ada', 'Bob'], 'Ada and Bob'],
    [['Ada', 'Bob', 'Eve'], 'Ada, Bob, and 1 other'],
    [['Ada', 'Bob', 'Eve', 'Joe'], 'Ada, Bob, and 2 others'],
  ])('%j read as %j', (names, text) => expect(namesOf(names)).toBe(text));

  it.each([
    ['Ada Lovelace', 'AL'],
    ['  ada ', 'A'],
    ['Jean-Luc van Picard', 'JP'],
    ['👩‍🚀 Sally', '👩‍🚀S'],
  ])('%j has the initials %j', (name, text) => expect(initials(name)).toBe(text));
});

it('distributes users evenly over twelve hues', () => {
  const counts = new Map<number, number>();
  for (let index = 0; index < 1_200; index += 1) {
    const hue = hueOf(`019ab3c4-0000-7000-8000-${String(index).padStart(12, '0')}`);
    counts.set(hue, (counts.get(hue) ?? 0) + 1);
  }
  expect(counts.size).toBe(12);
  expect(Math.min(...counts.values())).toBeGreaterThan(50);
});
