import { parseOptions } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { ARGON2_COST, DUMMY_HASH, PasswordHasher } from './password-hasher.ts';

const argon2id = 2;

test('passwords are hashed with argon2id, m = 19 MiB, t = 2, p = 1, each with its own salt', async () => {
  const passwords = new PasswordHasher();
  const [one, other] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
  expect(one).not.toBe(other);
  expect(parseOptions(one)).toMatchObject({ algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  expect(await passwords.verify('correct horse', one)).toBe(true);
  expect(await passwords.verify('correct  horse', one)).toBe(false);
});

test('verifying a missing account takes the same computation', async () => {
  const passwords = new PasswordHasher();
  expect(parseOptions(DUMMY_HASH)).toMatchObject({ algorithm: argon2id, ...ARGON2_COST });
  expect(await passwords.verify('correct horse', null)).toBe(false);
});

test('a password matches in any Unicode composition', async () => {
  const passwords = new PasswordHasher();
  expect(await passwords.verify('zoe\u0308 und so', await passwords.hash('zo\u00eb und so'))).toBe(true);
});
