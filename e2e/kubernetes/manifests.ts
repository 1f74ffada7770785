import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes');

export type Labels = Readonly<Record<string, string>>;

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext?: object;
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly securityContext: object;
    readonly terminationGracePeriodSeconds?: number;
    readonly automountServiceAccountToken?: boolean;
    readonly topologySpreadConstraints?: readonly { readonly labelSelector: { readonly matchLabels: Labels } }[];
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
}

interface PolicyPeer {
  readonly podSelector?: { readonly matchLabels: Labels };
}

/** As much of any of the kinds as the rules look at. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly selector?: Labels & { readonly matchLabels?: Labels };
    readonly template?: PodTemplate;
    readonly ports?: readonly { readonly port: number; readonly targetPort: string }[];
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly podSelector?: { readonly matchLabels?: Labels };
    readonly ingress?: readonly {
      readonly from?: readonly PolicyPeer[];
      readonly ports?: readonly { readonly port: string }[];
    }[];
  };
}

export interface Kustomization {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
}

export const readKustomization = (path: string): Kustomization =>
  parse(readFileSync(join(folder, path, 'kustomization.yaml'), 'utf8')) as Kustomization;

/** The files of a folder beside its kustomization. */
export const manifestFiles = (path: string): string[] =>
  readdirSync(join(folder, path)).filter((file) => file !== 'kustomization.yaml');

/** Every object in the files of a folder. */
export const readManifests = (path: string): Manifest[] =>
  manifestFiles(path).flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, path, file), 'utf8')).map((document) => document.toJS() as Manifest),
  );

export const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
