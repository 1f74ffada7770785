import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { root } from '../containers/docker.ts';
import { documented, runInShell } from '../harness/documented.ts';
import { readMetric } from '../harness/metrics.ts';
import { loadImages, type ServiceName } from './images.ts';
import { kubectl, runKubectl, type Printed } from './kubectl.ts';

const NAMESPACE = 'parley';
const MONGO_MEMBERS = 3;
const PATIENCE_MS = 300_000;

export interface Pod {
  readonly name: string;
  readonly ip: string;
  readonly images: readonly string[];
  readonly containers: readonly string[];
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
    readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
    readonly status: {
      readonly phase: string;
      readonly podIP?: string;
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

/** The small overlay in a cluster of its own. */
export class KubernetesParley {
  /** Of MongoDB's data, where it is on this machine. */
  readonly #folder: string;
  #url = '';
  #manifests = '';

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** What an operator does first. Rejects where there is a Parley already, and leaves that alone. */
  static async prepare(): Promise<KubernetesParley> {
    const namespaces = await kubectl('get', 'namespace', '--output', 'name');
    if (namespaces.split('\n').includes(`namespace/${NAMESPACE}`)) {
      throw new Error(`There is a namespace ${NAMESPACE} already: the tests want a cluster of their own.`);
    }
    await runInShell(documented('kubectl apply -f deploy/kubernetes/base/namespace.yaml'));
    for (const command of [
      'kubectl -n parley create secret generic parley-internal --from-literal=internal-token="$(openssl rand -base64 32)"',
      // Those of the production overlay.
      `kubectl -n parley create secret generic parley-mongo --from-literal=mongo-url='mongodb+srv://…/parley'`,
      `kubectl -n parley create secret generic parley-redis --from-literal=redis-url='rediss://…'`,
    ]) {
      await runInShell(documented(command));
    }
    return new KubernetesParley(await provideVolumes());
  }

  /** The API server's answer to an unchanged overlay. */
  validate(overlay: string): Promise<Printed> {
    const folder = join(root, 'deploy', 'kubernetes', 'overlays', overlay);
    return runKubectl(['apply', '--dry-run=server', '--validate=strict', '--kustomize', folder]);
  }

  /** Resolves when people are let in. */
  async up(): Promise<Printed> {
    const stand = await loadImages();
    const rendered = await kubectl('kustomize', join(import.meta.dirname, 'overlay'));
    this.#manifests = [...stand].reduce((text, [image, other]) => text.replaceAll(image, other), rendered);
    const printed = await this.apply();
    await runInShell(documented('kubectl -n parley rollout status deployment/gateway'));
    await this.#isWell();
    this.#url = `http://${await inNamespace('get', 'service', 'gateway', '--output', 'jsonpath={.spec.clusterIP}')}`;
    return printed;
  }

  /** Whatever is there already stays as it is. */
  async apply(): Promise<Printed> {
    // With the images and settings of the tests in the overlay's place.
    const overlay = { '-k deploy/kubernetes/overlays/small': '--validate=strict --filename -' };
    const [, ...args] = documented('kubectl apply -k deploy/kubernetes/overlays/small', overlay).split(' ');
    return runKubectl(args, this.#manifests);
  }

  /** As an operator upgrades; resolves when the migration is done and all is well. */
  async upgrade(): Promise<Printed> {
    await runInShell(documented('kubectl -n parley delete job migrate --ignore-not-found'));
    const printed = await this.apply();
    await inNamespace('wait', '--for=condition=complete', 'job/migrate', `--timeout=${PATIENCE_MS / 1_000}s`);
    await this.#isWell();
    return printed;
  }

  /** Of the Service `gateway`. */
  get url(): string {
    return this.#url;
  }

  /** Those that run and are not on their way out; all of them without a name. */
  async pods(name?: string): Promise<Pod[]> {
    const list = await listPods(name);
    return list.items
      .filter(({ metadata, status }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined)
      .map(({ metadata, spec, status }) => ({
        name: metadata.name,
        ip: status.podIP ?? '',
        images: spec.containers.map(({ image }) => image),
        containers: spec.containers.map((container) => container.name),
      }));
  }

  /** How many connections each gateway has, the fewest first. */
  async connections(): Promise<number[]> {
    const counts = (await this.pods('gateway')).map(({ ip }) => readMetric(`http://${ip}:9090`, 'parley_connections'));
    return (await Promise.all(counts)).sort((a, b) => a - b);
  }

  async scale(service: ServiceName, replicas: number): Promise<void> {
    await inNamespace('scale', `deployment/${service}`, `--replicas=${replicas}`);
    await this.isComplete(service, replicas);
  }

  /** Resolves when that many pods of a service are ready and no others are left. */
  async isComplete(service: string, replicas: number): Promise<void> {
    await vi.waitFor(
      async () => {
        const { items } = await listPods(service);
        const ready = items.filter(({ status: { conditions = [] } }) =>
          conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
        );
        if (ready.length !== replicas || items.length !== replicas) {
          throw new Error(`${ready.length} of ${items.length} pods of ${service} are ready, and not ${replicas}.`);
        }
      },
      { timeout: PATIENCE_MS, interval: 500 },
    );
  }

  /** Resolves when every pod runs that image. */
  async rollOut(service: ServiceName, image: string): Promise<void> {
    const before = (await this.pods(service)).length;
    await inNamespace('set', 'image', `deployment/${service}`, `${service}=${image}`);
    await inNamespace('rollout', 'status', `deployment/${service}`, `--timeout=${PATIENCE_MS / 1_000}s`);
    await this.isComplete(service, before);
  }

  /** At once, as with their node; resolves when all is well again. */
  async kill(pods: readonly Pod[]): Promise<void> {
    await inNamespace('delete', 'pod', '--force', '--grace-period=0', ...pods.map(({ name }) => name));
    await this.#isWell();
  }

  /** Asks as `kubectl drain` does. Rejects when the disruption budget forbids it. */
  async evict(pod: Pod): Promise<void> {
    const metadata = { name: pod.name, namespace: NAMESPACE };
    const eviction = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata });
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod.name}/eviction`;
    await runKubectl(['create', '--raw', path, '--filename', '-'], eviction);
  }

  /** How many pods the scaler of a service or the operator wants. */
  async wantedReplicas(service: ServiceName): Promise<number> {
    return Number(await inNamespace('get', `deployment/${service}`, '--output', 'jsonpath={.spec.replicas}'));
  }

  /** From here on the number of pods is up to the test. */
  async removeScaler(service: ServiceName): Promise<void> {
    await inNamespace('delete', 'horizontalpodautoscaler', service);
  }

  async restoreScaler(service: ServiceName): Promise<void> {
    const scaler = parseAllDocuments(this.#manifests)
      .map((document) => document.toJS() as { kind: string; metadata: { name: string } })
      .find(({ kind, metadata }) => kind === 'HorizontalPodAutoscaler' && metadata.name === service);
    await runKubectl(['apply', '--filename', '-'], JSON.stringify(scaler));
  }

  async down(): Promise<void> {
    await kubectl('delete', 'namespace', NAMESPACE, '--timeout=180s');
    await kubectl('delete', 'persistentvolume', '--selector', 'parley-test', '--timeout=60s');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #isWell(): Promise<void> {
    const wanted = { mongo: MONGO_MEMBERS, redis: 1, room: 2, message: 2, gateway: 2 };
    for (const [name, replicas] of Object.entries(wanted)) await this.isComplete(name, replicas);
  }
}

export const inNamespace = (...args: readonly string[]): Promise<string> => kubectl('--namespace', NAMESPACE, ...args);

async function listPods(name?: string): Promise<PodList> {
  const selector = name === undefined ? [] : ['--selector', `app.kubernetes.io/name=${name}`];
  return JSON.parse(await inNamespace('get', 'pods', ...selector, '--output', 'json')) as PodList;
}

/**
 * Where the cluster makes no volumes by itself, folders of this machine, which must be its node then. Returns the folder
 * that they are in.
 */
async function provideVolumes(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-volumes-'));
  const classes = await kubectl('get', 'storageclass', '--output', 'name');
  if (classes !== '') return folder;
  await chmod(folder, 0o755);
  for (let member = 0; member < MONGO_MEMBERS; member += 1) {
    const path = join(folder, String(member));
    await mkdir(path);
    // MongoDB's user in the pod is nobody on this machine.
    await chmod(path, 0o777);
    const volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `parley-test-${member}`, labels: { 'parley-test': '' } },
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path, type: 'Directory' },
        claimRef: { namespace: NAMESPACE, name: `data-mongo-${member}` },
      },
    };
    await runKubectl(['apply', '--filename', '-'], JSON.stringify(volume));
  }
  return folder;
}
