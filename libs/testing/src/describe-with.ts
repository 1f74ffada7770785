import { describe, inject } from 'vitest';
import { NEED_NAMES, type Need } from './needs.ts';

/**
 * A describe whose tests need real servers, a browser or a container engine. They are skipped where one of these cannot
 * be had; the name then says why and what would mend it.
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
