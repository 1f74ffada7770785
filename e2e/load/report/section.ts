/** The results of one scenario: stored, and rendered into the report page. */
export interface Section {
  readonly scenario: string;
  readonly title: string;
  /** What was done, in a paragraph. */
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly charts: readonly Chart[];
  /** What to know of single rows: limits, and what was tried. */
  readonly notes: readonly string[];
  /** When, and of which commit. */
  readonly measuredAt: string;
  readonly commit: string;
}

/** Bars that can be compared: one for each server, or for each size of the work. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly label: string; readonly value: number; readonly ours: boolean }[];
}
