import { expect, test } from 'vitest';
import { judgeCookie } from './cookie.ts';

const whole = 'parley_session=abc; Path=/; HttpOnly; Secure; SameSite=Lax';

test('a cookie with all that it needs is well', () => {
  expect(judgeCookie(whole, 'https:')).toBe('Secure, HttpOnly, SameSite=Lax');
  expect(judgeCookie(whole.replace(' Secure;', ''), 'http:')).toBe('HttpOnly, SameSite=Lax');
});

test.each([
  ['none at all', '', 'set no cookie'],
  ['one that is not Secure over https', whole.replace(' Secure;', ''), 'is not Secure'],
  ['one that pages can read', whole.replace(' HttpOnly;', ''), 'lacks HttpOnly'],
  ['one that other sites send along', whole.replace('SameSite=Lax', 'SameSite=None'), 'lacks SameSite=Lax'],
])('%s is a fault', (_name, cookie, words) => {
  expect(() => judgeCookie(cookie, 'https:')).toThrow(words);
});
