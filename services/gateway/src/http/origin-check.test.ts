import { expect, test } from 'vitest';
import { checkOrigin, type OriginHeaders } from './origin-check.ts';

const settings = { publicUrl: 'https://chat.example.org', origins: ['https://intranet.example.org'] };

interface Case extends Partial<OriginHeaders> {
  readonly because: string;
  readonly allowed: boolean;
}

const cases: Case[] = [
  { origin: 'http://10.0.0.5:8080', host: '10.0.0.5:8080', allowed: true, because: 'it is the own host' },
  { origin: 'http://box.local', host: 'BOX.local:80', allowed: true, because: 'hosts have no case and a usual port' },
  { origin: 'https://box.local', host: 'box.local:443', allowed: true, because: 'https has a usual port too' },
  { origin: 'http://10.0.0.5:9090', host: '10.0.0.5:8080', allowed: false, because: 'another port is another site' },
  { origin: 'https://chat.example.org', host: 'gateway:8080', allowed: true, because: 'it is the public URL' },
  { origin: 'https://intranet.example.org', host: 'gateway:8080', allowed: true, because: 'it is listed' },
  { origin: 'http://intranet.example.org', host: 'gateway:8080', allowed: false, because: 'the list names https' },
  { origin: 'https://evil.example', host: 'chat.example.org', allowed: false, because: 'it is foreign' },
  { origin: 'https://chat.example.org.evil.example', host: 'x:1', allowed: false, because: 'it only begins alike' },
  { origin: 'https://evil.example/chat.example.org', host: 'x:1', allowed: false, because: 'it only ends alike' },
  { origin: 'null', host: '10.0.0.5:8080', allowed: false, because: 'null is nobody' },
  { origin: '', host: '10.0.0.5:8080', allowed: false, because: 'empty is nobody' },
  { origin: 'file://', host: '10.0.0.5:8080', allowed: false, because: 'a file has no host' },
  { origin: 'http://a', host: undefined, allowed: false, because: 'there is no host to compare with' },
  { host: 'x:1', allowed: true, because: 'a program sends no Origin' },
  { host: 'x:1', secFetchSite: 'none', allowed: true, because: 'the person typed the address' },
  { host: 'x:1', secFetchSite: 'same-origin', allowed: true, because: 'the page is our own' },
  { host: 'x:1', secFetchSite: 'cross-site', allowed: false, because: 'the browser reports another site' },
  { host: 'x:1', secFetchSite: 'same-site', allowed: false, because: 'a neighbouring host is another site' },
];

test.each(cases)('$origin on $host ($secFetchSite): $allowed, since $because', (facts) => {
  const { origin, host, secFetchSite } = facts;
  expect(checkOrigin({ origin, host, secFetchSite }, settings).allowed).toBe(facts.allowed);
});

test('a rejection names the settings that allow the Origin', () => {
  const verdict = checkOrigin({ origin: 'https://evil.example', host: 'x:1', secFetchSite: undefined }, settings);
  expect(verdict).toMatchObject({ reason: expect.stringMatching(/PARLEY_PUBLIC_URL.*PARLEY_ORIGINS/) });
});
