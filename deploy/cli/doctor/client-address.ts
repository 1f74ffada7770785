import { DiagnosedFault } from './check.ts';

/** The answer of `GET /api/diagnosis`: how the request arrived. */
export interface Diagnosis {
  readonly address: string;
  readonly peer: string;
  readonly forwardedFor: string | null;
}

/** An address reserved for documentation (RFC 5737), which no client has. */
export const CLAIMED_ADDRESS = '192.0.2.66';

/** Checks how a request arrived that claimed CLAIMED_ADDRESS in X-Forwarded-For. Throws DiagnosedFault. */
export function checkClientAddress({ address, peer, forwardedFor }: Diagnosis, isLocal: boolean): string {
  if (address === CLAIMED_ADDRESS) {
    throw new DiagnosedFault(
      'Clients can claim any address: Parley accepted a made-up X-Forwarded-For.',
      'Let the first proxy replace any X-Forwarded-For that it receives with the address of its client, and list ' +
        'only your proxies in PARLEY_TRUSTED_PROXIES.',
    );
  }
  const others = (forwardedFor ?? '').split(',').map((part) => part.trim());
  const forwarded = others.filter((part) => part !== '' && part !== CLAIMED_ADDRESS);
  if (forwarded.length > 0 && address === peer && !forwarded.includes(peer)) {
    throw new DiagnosedFault(
      `The proxy at ${peer} forwards the client's address, but is not trusted: all users share one address.`,
      `Set PARLEY_TRUSTED_PROXIES=${peer}, or to the network of your proxies.`,
    );
  }
  if (forwarded.length === 0 && !isLocal && isPrivate(peer)) {
    throw new DiagnosedFault(
      `All users share the address ${peer}: the proxy there does not forward the client's address.`,
      'Let the proxy set X-Forwarded-For, and list it in PARLEY_TRUSTED_PROXIES.',
    );
  }
  return `clients have their own addresses; yours is ${address}`;
}

/** Whether the address is of this machine or a private network: no client of a public address has it. */
export function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/.test(plain);
}
