import { expect, test } from 'vitest';
import { CLAIMED_ADDRESS, checkClientAddress } from './client-address.ts';

const seen = (address: string, peer: string, forwardedFor: string | null) => ({ address, peer, forwardedFor });

test('the client address that a trusted proxy forwards is accepted', () => {
  expect(checkClientAddress(seen('203.0.113.9', '10.0.0.2', '203.0.113.9'), false)).toContain('203.0.113.9');
});

test('a client without a proxy is accepted, whatever it claims', () => {
  expect(checkClientAddress(seen('203.0.113.9', '203.0.113.9', CLAIMED_ADDRESS), false)).toContain('203.0.113.9');
  expect(checkClientAddress(seen('127.0.0.1', '127.0.0.1', CLAIMED_ADDRESS), true)).toContain('127.0.0.1');
});

test.each([
  ['an accepted claim', seen(CLAIMED_ADDRESS, '10.0.0.2', CLAIMED_ADDRESS), 'accepted a made-up'],
  ['a proxy that is not trusted', seen('10.0.0.2', '10.0.0.2', '203.0.113.9'), 'is not trusted'],
  [
    'a proxy that appends to a claim',
    seen('10.0.0.2', '10.0.0.2', `${CLAIMED_ADDRESS}, 203.0.113.9`),
    'is not trusted',
  ],
  ['a proxy that sets no header', seen('10.0.0.2', '10.0.0.2', null), 'does not forward'],
  ['a proxy that only forwards the claim', seen('10.0.0.2', '10.0.0.2', CLAIMED_ADDRESS), 'does not forward'],
])('%s is a fault', (_name, diagnosis, words) => {
  expect(() => checkClientAddress(diagnosis, false)).toThrow(words);
});
