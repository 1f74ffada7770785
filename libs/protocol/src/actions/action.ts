/** One action of the wire: the class of its `data`, whose decorators are the rules, and the type of its answer. */
export interface ActionDeclaration<Data extends object, Ok extends object> {
  readonly Data: new () => Data;
  /** Never set: it carries the type. */
  readonly ok?: Ok;
}

export const action = <Data extends object, Ok extends object>(Data: new () => Data): ActionDeclaration<Data, Ok> => ({
  Data,
});

/** The data of an action that takes none. */
export class NoData {}

/** The answer of an action that returns nothing. */
export type Nothing = Readonly<Record<string, never>>;
