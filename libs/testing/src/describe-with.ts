import { describe, inject } from 'vitest';
import { NEED_NAMES, type Need } from './needs.ts';

/**
 * A describe whose tests need real servers, a browser or a container engine. The tests are skipped where one of these is
 * missing; the name then gives the reason and the remedy.
 */
export function describeWith(needs: Need | readonly Need[], name: string, define: () => void): void {
  const all = typeof needs === 'string' ? [needs] : needs;
  const reasons = all.flatMap((need) => {
    const missing = inject('missing')[need];
    return missing === undefined ? [] : [`needs ${NEED_NAMES[need]}: ${missing.missing} ${missing.remedy}`];
  });
  if (reasons.length === 0) describe(name, define);
  else describe.skip(`${name} (${reasons.join(' ')})`, define);
}
