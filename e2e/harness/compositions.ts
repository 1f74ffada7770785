import type { Need } from '@parley/testing';
import { startBesideRelease } from './beside-release.ts';
import { startCluster, startEmbedded, type RunningParley } from './parley.ts';

interface Composition {
  readonly mode: string;
  readonly needs: readonly Need[];
  start(): Promise<RunningParley>;
}

const SERVERS: readonly Need[] = ['mongo', 'valkey'];

const OF_THIS_RELEASE: readonly Composition[] = [
  { mode: 'embedded', needs: [], start: startEmbedded },
  { mode: 'cluster', needs: SERVERS, start: startCluster },
];

const BESIDE_PREVIOUS_RELEASE: readonly Composition[] = [
  {
    mode: 'room service and a gateway of the previous release',
    needs: SERVERS,
    start: () => startBesideRelease('room'),
  },
  {
    mode: 'message service and a gateway of the previous release',
    needs: SERVERS,
    start: () => startBesideRelease('message'),
  },
];

/** Set in the vitest project `previous-release`, which runs the same test files beside the previous release. */
export const isBesidePreviousRelease = process.env.PARLEY_TEST_BESIDE === 'previous-release';

/** The compositions of Parley; all of them keep the promises of the wire. */
export const COMPOSITIONS = isBesidePreviousRelease ? BESIDE_PREVIOUS_RELEASE : OF_THIS_RELEASE;
