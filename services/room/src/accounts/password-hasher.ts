import { hash, verify } from '@node-rs/argon2';
import { ParleyError } from '@parley/contracts';
import { BoundedQueue } from '@parley/platform';

/** For argon2id, the library's default: the first configuration that OWASP recommends. 15 ms of one core. */
export const ARGON2_COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** Hash of an unknown password, verified when the account does not exist. */
export const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$hEU1QW7EyrSlMDnWgxCH0A$Ps4J2ya7sOm6Z+Shh88sHo8T52y/rRaGefk2k4XWTW8';

type Argon2 = Readonly<{ hash: typeof hash; verify: typeof verify }>;

/**
 * Runs at most two computations at once, because each takes a core and 19 MiB. 64 waiting ones are half a second of work;
 * further calls reject with `unavailable`.
 */
export class PasswordHasher {
  readonly #queue = new BoundedQueue({ concurrency: 2, maxWaiting: 64, fullError: tooManySignIns });
  readonly #argon2: Argon2;

  constructor(argon2: Argon2 = { hash, verify }) {
    this.#argon2 = argon2;
  }

  hash(password: string): Promise<string> {
    return this.#queue.run(() => this.#argon2.hash(normalise(password), ARGON2_COST));
  }

  /** `passwordHash` null (no such account): false, after the work of a verification. */
  async verify(password: string, passwordHash: string | null): Promise<boolean> {
    const matches = await this.#queue.run(() => this.#argon2.verify(passwordHash ?? DUMMY_HASH, normalise(password)));
    return matches && passwordHash !== null;
  }
}

const tooManySignIns = (): ParleyError =>
  new ParleyError('unavailable', 'Too many people are signing in just now. Try again in a few seconds.', {
    retryAfterMs: 2_000,
  });

/** Keyboards encode the same password in different code points. */
const normalise = (password: string): string => password.normalize('NFKC');
