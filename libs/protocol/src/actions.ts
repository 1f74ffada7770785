import type { ActionDeclaration } from './actions/action.ts';
import type { ACTIONS } from './actions/index.ts';

type Declarations = typeof ACTIONS;

/** What each action takes (`data`) and answers (`ok`), as declared in actions/. Only types: browsers load no decorators. */
export type Actions = {
  [Name in keyof Declarations]: Declarations[Name] extends ActionDeclaration<infer Data, infer Ok>
    ? { data: Data; ok: Ok }
    : never;
};

export type Action = keyof Actions;
export type ActionData<A extends Action> = Actions[A]['data'];
export type ActionOk<A extends Action> = Actions[A]['ok'];
