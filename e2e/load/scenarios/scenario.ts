import type { Section } from '../report/section.ts';
import type { Candidate } from '../servers/server-under-test.ts';

interface ScenarioContext {
  /** Those that were asked for and can be had here. */
  readonly candidates: readonly Candidate[];
  /** Small and short: to see that all is well, not to be written down. */
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

export type Findings = Pick<Section, 'text' | 'columns' | 'rows' | 'charts' | 'notes'>;

/** One question to Parley and to those beside it. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Rejects when a delivery was lost, doubled or swapped. */
  run(context: ScenarioContext): Promise<Findings>;
}
