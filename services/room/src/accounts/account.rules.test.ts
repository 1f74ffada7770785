import { describe, expect, test } from 'vitest';
import { checkDisplayName, checkEmail, checkPassword, displayNameKey, normaliseEmail } from './account.rules.ts';

describe('an e-mail address', () => {
  test('is normalised in case, surrounding spaces and composed accents', () => {
    expect(normaliseEmail('  Zo\u0065\u0308@Example.ORG ')).toBe('zo\u00eb@example.org');
  });

  test.each(['ada', '@example.org', 'ada@', 'a da@example.org', 'ada@@example.org', 'ada@exa\u0000mple.org', ''])(
    'is rejected when it is %j',
    (email) => expect(() => checkEmail(email)).toThrow(expect.objectContaining({ code: 'invalid' })),
  );

  test('has at most 254 characters', () => {
    expect(checkEmail(`${'a'.repeat(242)}@example.org`)).toHaveLength(254);
    expect(() => checkEmail(`${'a'.repeat(243)}@example.org`)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  test('may have a host name without a dot', () => {
    expect(checkEmail('root@localhost')).toBe('root@localhost');
  });
});

describe('a display name', () => {
  test('is trimmed, and repeated spaces are collapsed', () => {
    expect(checkDisplayName('  Ada   King  ')).toBe('Ada King');
  });

  test('may use any script and emoji', () => {
    expect(checkDisplayName('李 🧑‍🚀')).toBe('李 🧑‍🚀');
  });

  test.each(['', '   ', '\u200b\u200d', 'Ada\u0000', 'Ada\nKing', '\ud800', 'x'.repeat(61)])(
    'is rejected when it is %j',
    (name) => {
      expect(() => checkDisplayName(name)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );

  test('is searched without regard to case and Unicode form', () => {
    expect(displayNameKey('straße')).toBe(displayNameKey('STRASSE'));
    expect(displayNameKey('ΟΔΟΣΑ').startsWith(displayNameKey('οδος'))).toBe(true);
    expect(displayNameKey('ﬁona')).toBe(displayNameKey('Fiona'));
  });
});

describe('a password', () => {
  test('has 8 to 128 characters', () => {
    expect(() => checkPassword('x'.repeat(8))).not.toThrow();
    expect(() => checkPassword('x'.repeat(128))).not.toThrow();
    for (const length of [0, 7, 129]) {
      expect(() => checkPassword('x'.repeat(length))).toThrow(expect.objectContaining({ code: 'invalid' }));
    }
  });
});
