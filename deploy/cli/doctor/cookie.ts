import { SESSION_COOKIE } from '@parley/protocol';
import { DiagnosedFault } from './check.ts';

/** Checks the Set-Cookie header of the session. `protocol`: that of the public address. Throws DiagnosedFault. */
export function checkCookie(setCookie: string, protocol: string): string {
  if (!setCookie.startsWith(`${SESSION_COOKIE}=`)) {
    throw new DiagnosedFault('Signing in set no cookie.', 'Let the proxy forward Set-Cookie.');
  }
  const attributes = setCookie.split(/; */);
  if (protocol === 'https:' && !attributes.includes('Secure')) {
    throw new DiagnosedFault(
      'The session cookie is not Secure: Parley does not know that its public address is https.',
      'Set PARLEY_PUBLIC_URL to the public address.',
    );
  }
  const missing = ['HttpOnly', 'SameSite=Lax'].filter((attribute) => !attributes.includes(attribute));
  if (missing.length > 0) {
    throw new DiagnosedFault(
      `The session cookie lacks ${missing.join(', ')}.`,
      'Let the proxy forward Set-Cookie unchanged.',
    );
  }
  return attributes.includes('Secure') ? 'Secure, HttpOnly, SameSite=Lax' : 'HttpOnly, SameSite=Lax';
}
