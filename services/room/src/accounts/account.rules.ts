import { ParleyError } from '@parley/contracts';
import { LIMITS } from '@parley/protocol';

const EMAIL = /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u;
const CONTROL_OR_BROKEN = /[\p{Cc}\p{Cs}]/u;
const VISIBLE = /[^\p{Z}\p{C}\p{M}]/u;

/** The form in which an address is unique and looked up. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** Checks only the form: whether mail can be delivered is unknown until it is sent. */
export function checkEmail(email: string): string {
  const normalised = normaliseEmail(email);
  if (normalised.length > LIMITS.emailLength || !EMAIL.test(normalised)) {
    throw new ParleyError('invalid', 'email must be an e-mail address, like name@example.org.');
  }
  return normalised;
}

export function checkDisplayName(displayName: string): string {
  if (CONTROL_OR_BROKEN.test(displayName)) {
    throw new ParleyError('invalid', 'displayName must not contain control characters.');
  }
  const normalised = displayName.normalize('NFC').trim().replace(/\s+/gu, ' ');
  if (normalised.length > LIMITS.displayNameLength || !VISIBLE.test(normalised)) {
    throw new ParleyError('invalid', `displayName must have 1 to ${LIMITS.displayNameLength} visible characters.`);
  }
  return normalised;
}

export function checkPassword(password: string): void {
  if (password.length < LIMITS.passwordMinLength || password.length > LIMITS.passwordMaxLength) {
    throw new ParleyError(
      'invalid',
      `password must have ${LIMITS.passwordMinLength} to ${LIMITS.passwordMaxLength} characters.`,
    );
  }
}

/** The form in which display names are searched. Upper case folds more than lower case: ß becomes SS, σ and ς become Σ. */
export const displayNameKey = (displayName: string): string =>
  displayName.normalize('NFKC').toUpperCase().normalize('NFKC').trim().replace(/\s+/gu, ' ');
