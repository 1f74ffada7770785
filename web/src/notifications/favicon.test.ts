import { expect, it } from 'vitest';
import { faviconWith } from './favicon.ts';

const svg = (unread: number): string => decodeURIComponent(faviconWith(unread));

it('the favicon has no number if there are no unread messages', () => expect(faviconWith(0)).toBe('/favicon.svg'));

it.each([
  [1, '>1<'],
  [99, '>99<'],
  [100, '>99+<'],
])('the favicon shows %i unread messages as %s', (unread, text) => expect(svg(unread)).toContain(text));
