/** The rules of the wire, as classes with decorators: for services only. Browsers use the types of the main export. */
export * from './rules.ts';
export { ACTIONS } from './actions/index.ts';
export { NoData } from './actions/action.ts';
