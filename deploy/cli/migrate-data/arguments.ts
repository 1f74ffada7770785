import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface MigrationArguments {
  readonly from: string;
  readonly to: string;
}

const USAGE = 'npm run migrate:data -- --from <data folder> --to <mongodb://…/parley?replicaSet=…>';

/** Throws an Error with one sentence for people. */
export function parseMigrationArguments(args: readonly string[]): MigrationArguments {
  const { from, to } = parse(args);
  if (!from || !to) throw new Error(`Say from where and to where. The command is: ${USAGE}`);
  if (!/^mongodb(\+srv)?:\/\/[^/\s]+\/[^?\s]+/.test(to)) {
    throw new Error(`--to must be the address of a MongoDB with the name of a database. The command is: ${USAGE}`);
  }
  return { from: resolve(from), to };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { from: { type: 'string' }, to: { type: 'string' } } }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message.split(/\.\s/)[0] ?? ''}. The command is: ${USAGE}`);
  }
}
