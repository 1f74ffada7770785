import { SESSION_COOKIE } from '@parley/protocol';
import { Ailment } from './check.ts';

/** Judges the Set-Cookie header of the session, of a Parley that people reach by that protocol. Throws Ailment. */
export function judgeCookie(setCookie: string, protocol: string): string {
  if (!setCookie.startsWith(`${SESSION_COOKIE}=`)) {
    throw new Ailment('Signing in set no cookie.', 'Let the proxy pass Set-Cookie on.');
  }
  const attributes = setCookie.split(/; */);
  if (protocol === 'https:' && !attributes.includes('Secure')) {
    throw new Ailment(
      "The session's cookie is not Secure: Parley does not know that people reach it by https.",
      'Set PARLEY_PUBLIC_URL to the address that people use.',
    );
  }
  const missing = ['HttpOnly', 'SameSite=Lax'].filter((attribute) => !attributes.includes(attribute));
  if (missing.length > 0) {
    throw new Ailment(`The session's cookie lacks ${missing.join(', ')}.`, 'Let the proxy leave Set-Cookie as it is.');
  }
  return attributes.includes('Secure') ? 'Secure, HttpOnly, SameSite=Lax' : 'HttpOnly, SameSite=Lax';
}
