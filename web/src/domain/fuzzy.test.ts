import { describe, expect, it } from 'vitest';
import { fuzzyFind } from './fuzzy.ts';

const rooms = ['Data pipeline', 'Observatory', 'José and Ada', 'Updates'];
const find = (query: string): string[] => fuzzyFind(query, rooms, (room) => room);

describe('a typed query', () => {
  it.each([
    ['ada', ['José and Ada']],
    ['jose', ['José and Ada']],
    ['DPL', ['Data pipeline']],
    ['xyz', []],
  ])('%s finds %j', (query, found) => expect(find(query)).toEqual(found));

  it('ranks texts that begin with it first, then words, then other matches', () => {
    expect(find('da').slice(0, 3)).toEqual(['Data pipeline', 'Updates', 'José and Ada']);
    expect(find('a').slice(0, 1)).toEqual(['José and Ada']);
  });

  it('finds everything, in order, if it is blank', () => expect(find(' ')).toEqual(rooms));
});
