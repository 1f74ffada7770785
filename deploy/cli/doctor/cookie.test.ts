import { expect, test } from 'vitest';
import { checkCookie } from './cookie.ts';

const whole = 'parley_session=abc; Path=/; HttpOnly; Secure; SameSite=Lax';

test('a cookie with all attributes is accepted', () => {
  expect(checkCookie(whole, 'https:')).toBe('Secure, HttpOnly, SameSite=Lax');
  expect(checkCookie(whole.replace(' Secure;', ''), 'http:')).toBe('HttpOnly, SameSite=Lax');
});

test.each([
  ['no cookie', '', 'set no cookie'],
  ['a cookie without Secure over https', whole.replace(' Secure;', ''), 'is not Secure'],
  ['a cookie that scripts can read', whole.replace(' HttpOnly;', ''), 'lacks HttpOnly'],
  ['a cookie that other sites can send', whole.replace('SameSite=Lax', 'SameSite=None'), 'lacks SameSite=Lax'],
])('%s is a fault', (_name, cookie, words) => {
  expect(() => checkCookie(cookie, 'https:')).toThrow(words);
});
