import { startEmbeddedParley, startParleyCluster, type SeededParley } from '../servers/parley.ts';
import type { Candidate } from '../servers/server-under-test.ts';

/** The two ways to run Parley, for questions that only Parley is asked. */
export interface ParleyKind {
  readonly name: string;
  start(): Promise<SeededParley>;
}

const KINDS: readonly ParleyKind[] = [
  { name: 'Parley embedded', start: startEmbeddedParley },
  { name: 'Parley 1 gateway', start: () => startParleyCluster(1) },
];

/** Those of them that were asked for. */
export const parleyKinds = (candidates: readonly Candidate[]): readonly ParleyKind[] =>
  KINDS.filter((kind) => candidates.some(({ name }) => name === kind.name));
