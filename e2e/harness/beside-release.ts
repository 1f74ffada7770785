import { Cluster, ROOT } from '../chaos/cluster.ts';
import { seededRandom } from '../protocol/random/seeded-random.ts';
import type { RunningParley } from './parley.ts';
import { previousRelease } from './previous-release.ts';

/**
 * A cluster in which the first gateway and all processes of one service are of the previous release, as during an
 * upgrade. With both services in turn, every gateway and service runs beside either release of the others.
 */
export async function startBesideRelease(older: 'room' | 'message'): Promise<RunningParley> {
  const { root } = await previousRelease();
  const isOlder = (service: string, index: number): boolean =>
    service === older || (service === 'gateway' && index === 0);
  const cluster = await Cluster.start(seededRandom(0), (service, index) => (isOlder(service, index) ? root : ROOT));
  const [first, second] = cluster.gateways.map(({ port }) => `http://127.0.0.1:${port}`);
  return {
    mode: 'cluster',
    urls: [first ?? '', second ?? ''],
    metric: (name) => cluster.metric(name),
    stop: () => cluster.stop(),
  };
}
