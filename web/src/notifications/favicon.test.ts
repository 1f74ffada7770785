import { expect, it } from 'vitest';
import { faviconWith } from './favicon.ts';

const svg = (unread: number): string => decodeURIComponent(faviconWith(unread));

it('a favicon is the plain mark while all is read', () => expect(faviconWith(0)).toBe('/favicon.svg'));

it.each([
  [1, '>1<'],
  [99, '>99<'],
  [100, '>99+<'],
])('%i unread messages are on it as %s', (unread, text) => expect(svg(unread)).toContain(text));
