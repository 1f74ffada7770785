/** One thing that must be right, and how it is. */
export type Check =
  | { readonly name: string; readonly ok: true; readonly detail: string }
  | { readonly name: string; readonly ok: false; readonly detail: string; readonly remedy: string };

/** What is wrong, and what to do about it. */
export class Ailment extends Error {
  readonly remedy: string;

  constructor(detail: string, remedy: string) {
    super(detail);
    this.name = 'Ailment';
    this.remedy = remedy;
  }
}

/** Runs it; what it resolves with tells what was seen. An error that is no Ailment is one of the remedy given. */
export async function check(name: string, look: () => Promise<string>, otherwise: string): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, ok: false, detail, remedy: error instanceof Ailment ? error.remedy : otherwise };
  }
}

export const lineOf = (one: Check): string =>
  one.ok ? `ok    ${one.name}: ${one.detail}` : `FAULT ${one.name}: ${one.detail}\n      ${one.remedy}`;
