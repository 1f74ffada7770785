import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  manifestFiles,
  matches,
  readKustomization,
  readManifests,
  type Container,
  type Labels,
  type PodTemplate,
} from './manifests.ts';

const root = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const OURS = ['gateway', 'room', 'message'];
const manifests = ['base', 'overlays/small', 'overlays/production'].flatMap(readManifests);
const ofKind = (...kinds: readonly string[]) => manifests.filter(({ kind }) => kinds.includes(kind));

const workloads = ofKind('Deployment', 'StatefulSet', 'Job').map(({ metadata: { name }, spec }) => {
  if (spec.template === undefined) throw new Error(`${name} has no pods.`);
  return { name, selector: spec.selector?.matchLabels, pod: spec.template };
});
const containersOf = ({ spec }: PodTemplate): Container[] => [...(spec.initContainers ?? []), ...spec.containers];
const podsOf = (selector: Labels): PodTemplate[] =>
  workloads.map(({ pod }) => pod).filter(({ metadata }) => matches(selector, metadata.labels));
const portsOf = (pod: PodTemplate): string[] =>
  pod.spec.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name));

describe.each(workloads)('the pods of $name', ({ name, selector, pod }) => {
  test('meet the restricted standard and write nowhere', () => {
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.spec.automountServiceAccountToken).toBe(false);
    for (const { securityContext } of containersOf(pod)) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('ask for what they need, within bounds', () => {
    for (const { resources } of containersOf(pod)) {
      expect(resources).toMatchObject({ requests: { cpu: expect.any(String), memory: expect.any(String) } });
      expect(resources?.limits).toMatchObject({ memory: expect.any(String) });
    }
  });

  test('carry the labels by which they are selected and spread', () => {
    const spread = pod.spec.topologySpreadConstraints ?? [];
    for (const labels of [selector ?? {}, ...spread.map(({ labelSelector }) => labelSelector.matchLabels)]) {
      expect(pod.metadata.labels).toMatchObject(labels);
    }
    expect(pod.metadata.labels['app.kubernetes.io/name']).toBe(name);
  });

  test('are let in by a policy that names its ports rightly', () => {
    if (name === 'migrate') return;
    const policies = ofKind('NetworkPolicy').filter(({ spec }) => {
      const labels = spec.podSelector?.matchLabels;
      return labels !== undefined && matches(labels, pod.metadata.labels);
    });
    expect(policies).toHaveLength(1);
    for (const { ports = [], from = [] } of policies.flatMap(({ spec }) => spec.ingress ?? [])) {
      for (const { port } of ports) expect(portsOf(pod)).toContain(port);
      for (const { podSelector } of from) {
        if (podSelector !== undefined) expect(podsOf(podSelector.matchLabels)).not.toHaveLength(0);
      }
    }
  });
});

describe.each(workloads.filter(({ name }) => OURS.includes(name)))('Parley’s $name', ({ name, pod }) => {
  test('is probed, and has the time to drain', () => {
    const [container] = pod.spec.containers;
    expect(container).toMatchObject({ readinessProbe: {}, livenessProbe: {}, startupProbe: {} });
    const settings = ofKind('ConfigMap')[0]?.data ?? {};
    const drain = name === 'gateway' ? Number(settings['PARLEY_DRAIN_SECONDS']) : 0;
    const preStop = container?.lifecycle?.preStop.sleep.seconds ?? 0;
    expect(preStop).toBeGreaterThan(0);
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(preStop + drain + 10);
  });

  test('is scaled, and kept up through the draining of nodes', () => {
    const scalers = ofKind('HorizontalPodAutoscaler').filter(({ spec }) => spec.scaleTargetRef?.name === name);
    expect(scalers).toHaveLength(1);
    const budgets = ofKind('PodDisruptionBudget').filter(({ spec }) =>
      matches(spec.selector?.matchLabels ?? {}, pod.metadata.labels),
    );
    expect(budgets).toHaveLength(1);
  });
});

test('every service leads to a port of some pods', () => {
  for (const { metadata, spec } of ofKind('Service')) {
    const pods = podsOf(spec.selector ?? {});
    expect(pods, metadata.name).not.toHaveLength(0);
    for (const pod of pods) for (const { targetPort } of spec.ports ?? []) expect(portsOf(pod)).toContain(targetPort);
  }
});

test('the public finds the gateways at port 80 of the service gateway', () => {
  const gateway = ofKind('Service').find(({ metadata }) => metadata.name === 'gateway');
  expect(gateway?.spec.ports).toMatchObject([{ port: 80 }]);
});

test('everything is in the namespace parley', () => {
  const elsewhere = manifests.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'parley');
  expect(elsewhere).toEqual([]);
});

test.each(['base', 'overlays/small', 'overlays/production'])('%s names all of its files', (path) => {
  const listed = readKustomization(path).resources.filter((resource) => !resource.startsWith('..'));
  expect([...listed].sort()).toEqual(manifestFiles(path).sort());
});

test('the images are those of this version, in compose too', () => {
  const tags = ['base', 'overlays/production']
    .flatMap((path) => readKustomization(path).images)
    .filter(({ name }) => name.startsWith('parley-'))
    .map(({ newTag }) => newTag);
  expect(new Set(tags)).toEqual(new Set([version]));
  const compose = readFileSync(join(root, 'deploy', 'compose.yaml'), 'utf8');
  const defaults = [...compose.matchAll(/:-parley-\w+:([^}]+)\}/g)].map(([, tag]) => tag);
  expect(new Set(defaults)).toEqual(new Set([version]));
});
