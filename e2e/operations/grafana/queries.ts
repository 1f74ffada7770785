/** A metric that a query names, with the labels by which it is selected or grouped. */
interface Use {
  readonly metric: string;
  readonly labels: readonly string[];
}

const FUNCTIONS_AND_WORDS = new Set(['absent', 'and', 'by', 'histogram_quantile', 'increase', 'max', 'rate', 'sum']);
/** What Prometheus itself adds. */
const OWN_LABELS = new Set(['instance', 'job', 'le']);

/** Every use of a metric in a PromQL expression. Grouping labels count for all metrics of the expression. */
function usesIn(expression: string): Use[] {
  const grouping = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/, */));
  const rest = expression.replaceAll(/\bby \([^)]*\)/g, '').replaceAll(/\[[^\]]*\]/g, '');
  const uses = rest.matchAll(/([a-z_][a-z0-9_]*)(?:\{([^}]*)\})?(?![a-z0-9_(]| *\()/g);
  return [...uses]
    .filter(([, name = '']) => !FUNCTIONS_AND_WORDS.has(name) && name.includes('_'))
    .map(([, metric = '', selectors = '']) => {
      const selected = [...selectors.matchAll(/([a-z_]+) *(?:=~|!=|!~|=)/g)].map(([, label = '']) => label);
      return { metric, labels: [...selected, ...grouping].filter((label) => !OWN_LABELS.has(label)) };
    });
}

/** The labels that each metric has in the text of /metrics. */
export function labelsByMetric(exposition: string): ReadonlyMap<string, ReadonlySet<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const line of exposition.split('\n')) {
    const [, name, labels = ''] = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = metrics.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/([a-z_]+)="/g)) known.add(label);
    metrics.set(name, known);
  }
  return metrics;
}

/** The uses that these metrics do not bear out, as sentences. */
export function unknownUses(expression: string, metrics: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return usesIn(expression).flatMap(({ metric, labels }) => {
    const known = metrics.get(metric);
    if (known === undefined) return [`There is no metric ${metric}.`];
    return labels.filter((label) => !known.has(label)).map((label) => `${metric} has no label ${label}.`);
  });
}
