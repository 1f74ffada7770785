import type { Need } from '@parley/testing';
import { startBesideRelease } from './beside-release.ts';
import { startCluster, startEmbedded, type RunningParley } from './parley.ts';

interface Composition {
  readonly mode: string;
  readonly needs: readonly Need[];
  start(): Promise<RunningParley>;
}

const SERVERS: readonly Need[] = ['mongo', 'valkey'];

/** The ways in which Parley is put together, all of which keep the wire's promises. */
export const COMPOSITIONS: readonly Composition[] = [
  { mode: 'embedded', needs: [], start: startEmbedded },
  { mode: 'cluster', needs: SERVERS, start: startCluster },
  { mode: 'rooms and a gateway of the release before', needs: SERVERS, start: () => startBesideRelease('room') },
  { mode: 'messages and a gateway of the release before', needs: SERVERS, start: () => startBesideRelease('message') },
];
