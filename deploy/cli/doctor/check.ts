/** One thing that must be right, and whether it is. */
export type Check =
  | { readonly name: string; readonly ok: true; readonly detail: string }
  | { readonly name: string; readonly ok: false; readonly detail: string; readonly remedy: string };

/** A fault with a known remedy. */
export class DiagnosedFault extends Error {
  readonly remedy: string;

  constructor(detail: string, remedy: string) {
    super(detail);
    this.name = 'DiagnosedFault';
    this.remedy = remedy;
  }
}

/** Runs a check, which resolves with a description. Any other error than a DiagnosedFault gets the remedy `otherwise`. */
export async function check(name: string, run: () => Promise<string>, otherwise: string): Promise<Check> {
  try {
    return { name, ok: true, detail: await run() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, ok: false, detail, remedy: error instanceof DiagnosedFault ? error.remedy : otherwise };
  }
}

export const lineOf = (one: Check): string =>
  one.ok ? `ok    ${one.name}: ${one.detail}` : `FAULT ${one.name}: ${one.detail}\n      ${one.remedy}`;
