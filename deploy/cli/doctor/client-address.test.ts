import { expect, test } from 'vitest';
import { CLAIMED_ADDRESS, judgeAddress } from './client-address.ts';

const seen = (address: string, peer: string, forwardedFor: string | null) => ({ address, peer, forwardedFor });

test('a client whose address the trusted proxy tells is well', () => {
  expect(judgeAddress(seen('203.0.113.9', '10.0.0.2', '203.0.113.9'), false)).toContain('203.0.113.9');
});

test('a client without a proxy is well, whatever it claims', () => {
  expect(judgeAddress(seen('203.0.113.9', '203.0.113.9', CLAIMED_ADDRESS), false)).toContain('203.0.113.9');
  expect(judgeAddress(seen('127.0.0.1', '127.0.0.1', CLAIMED_ADDRESS), true)).toContain('127.0.0.1');
});

test.each([
  ['a claim that is believed', seen(CLAIMED_ADDRESS, '10.0.0.2', CLAIMED_ADDRESS), 'made up was believed'],
  ['a proxy that is not trusted', seen('10.0.0.2', '10.0.0.2', '203.0.113.9'), 'is not trusted'],
  [
    'a proxy that appends to a claim',
    seen('10.0.0.2', '10.0.0.2', `${CLAIMED_ADDRESS}, 203.0.113.9`),
    'is not trusted',
  ],
  ['a proxy that says nothing', seen('10.0.0.2', '10.0.0.2', null), 'does not say whom it asks for'],
  ['a proxy that only passes on', seen('10.0.0.2', '10.0.0.2', CLAIMED_ADDRESS), 'does not say whom it asks for'],
])('%s is a fault', (_name, diagnosis, words) => {
  expect(() => judgeAddress(diagnosis, false)).toThrow(words);
});
