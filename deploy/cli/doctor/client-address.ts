import { Ailment } from './check.ts';

/** What `GET /api/diagnosis` tells of one's own request. */
export interface Diagnosis {
  readonly address: string;
  readonly peer: string;
  readonly forwardedFor: string | null;
}

/** An address for documentation (RFC 5737), which nobody has. */
export const CLAIMED_ADDRESS = '192.0.2.66';

/**
 * Judges how a request arrived whose sender claimed, in X-Forwarded-For, to be CLAIMED_ADDRESS. Throws Ailment.
 */
export function judgeAddress({ address, peer, forwardedFor }: Diagnosis, isLocal: boolean): string {
  if (address === CLAIMED_ADDRESS) {
    throw new Ailment(
      'Whoever asks can claim to have any address: an X-Forwarded-For that the doctor made up was believed.',
      'Let the first proxy put the address of its client in the place of any X-Forwarded-For that it is sent, and name ' +
        'in PARLEY_TRUSTED_PROXIES nothing but your proxies.',
    );
  }
  const others = (forwardedFor ?? '').split(',').map((part) => part.trim());
  const told = others.filter((part) => part !== '' && part !== CLAIMED_ADDRESS);
  if (told.length > 0 && address === peer && !told.includes(peer)) {
    throw new Ailment(
      `The proxy at ${peer} says who the client is, but is not trusted: all people count as one address.`,
      `Set PARLEY_TRUSTED_PROXIES=${peer}, or to the network that your proxies have.`,
    );
  }
  if (told.length === 0 && !isLocal && isPrivate(peer)) {
    throw new Ailment(
      `All people count as the one address ${peer}: the proxy there does not say whom it asks for.`,
      'Let the proxy set X-Forwarded-For, and name it in PARLEY_TRUSTED_PROXIES.',
    );
  }
  return `people count as who they are; you are ${address}`;
}

/** Of this machine or of a network of its own: no client of a public address has it. */
export function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/.test(plain);
}
