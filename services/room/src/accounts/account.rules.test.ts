import { describe, expect, test } from 'vitest';
import { checkDisplayName, checkEmail, checkPassword, displayNameKey, normaliseEmail } from './account.rules.ts';

describe('an e-mail address', () => {
  test('is the same in any case, with any spaces around it, however its accents are composed', () => {
    expect(normaliseEmail('  Zo\u0065\u0308@Example.ORG ')).toBe('zo\u00eb@example.org');
  });

  test.each(['ada', '@example.org', 'ada@', 'a da@example.org', 'ada@@example.org', 'ada@exa\u0000mple.org', ''])(
    '%j is refused',
    (email) => expect(() => checkEmail(email)).toThrow(expect.objectContaining({ code: 'invalid' })),
  );

  test('of 254 characters is the longest', () => {
    expect(checkEmail(`${'a'.repeat(242)}@example.org`)).toHaveLength(254);
    expect(() => checkEmail(`${'a'.repeat(243)}@example.org`)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  test('of a machine without a domain is one', () => {
    expect(checkEmail('root@localhost')).toBe('root@localhost');
  });
});

describe('a display name', () => {
  test('loses spaces around it and repeated ones in it', () => {
    expect(checkDisplayName('  Ada   King  ')).toBe('Ada King');
  });

  test('may be of any script and have emoji', () => {
    expect(checkDisplayName('李 🧑‍🚀')).toBe('李 🧑‍🚀');
  });

  test.each(['', '   ', '\u200b\u200d', 'Ada\u0000', 'Ada\nKing', '\ud800', 'x'.repeat(61)])(
    '%j is refused',
    (name) => {
      expect(() => checkDisplayName(name)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );

  test('is found without regard to case and form', () => {
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
