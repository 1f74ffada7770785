import { SETTINGS, type Setting } from './settings.ts';

export interface UnknownSetting {
  readonly name: string;
  /** The setting with the most similar name. */
  readonly nearest: string;
}

const NAMES = Object.values<Setting>(SETTINGS).flatMap(({ name, secret }) =>
  secret ? [name, `${name}_FILE`] : [name],
);

/** Variables of compose, builds, commands and tests, which a service inherits and does not read. */
const OTHER_VARIABLES =
  /^PARLEY_(ADDRESS|BUILD|CACHE_DIR|EMBEDDED|KUBERNETES_LOAD|MONGO_CACHE_GB|RUNS|SEED|STOP_GRACE_PERIOD|URL|WEB_PORT|\w+_IMAGE|(TEST|FUZZ|BENCH)_\w+)$/;

/** What Kubernetes adds for each Service of the namespace, unless a pod opts out. */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP)/;

/** Variables that look like a setting of Parley, and are none: mostly misspelt ones. */
export function findUnknownSettings(environment: Readonly<Record<string, string | undefined>>): UnknownSetting[] {
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith('PARLEY_') && !NAMES.includes(name) && !isOther(name, value))
    .map(([name]) => ({ name, nearest: nearestTo(name) }));
}

const isOther = (name: string, value = ''): boolean =>
  OTHER_VARIABLES.test(name) || SERVICE_LINK.test(name) || value.startsWith('tcp://');

const nearestTo = (name: string): string =>
  NAMES.map((known) => ({ known, distance: editDistance(name, known) })).reduce((a, b) =>
    b.distance < a.distance ? b : a,
  ).known;

/** How many characters must be added, removed or replaced to turn one text into the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
