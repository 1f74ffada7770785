/** `npm run verify -- <database>`: checks stored data, also of a running Parley. */
import { resolve } from 'node:path';
import { defineCommand, parseCommandLine } from './command-line.ts';
import { reportOf } from './verify/report.ts';
import { openMongoData } from './verify/stored-data.mongo.ts';
import { openSqliteData } from './verify/stored-data.sqlite.ts';
import { verify } from './verify/verify.ts';

const VERIFY = defineCommand({
  name: 'npm run verify',
  summary: `Reads all stored data and reports every fault. Parley may be running.
Exit status: 0 without faults, 1 with faults, 2 when the data could not be read.`,
  arguments: { database: { description: 'A data folder, or the mongodb://… URL of a database.' } },
  examples: ['npm run verify -- ./data', "npm run verify -- 'mongodb://mongo-1,mongo-2/parley?replicaSet=parley'"],
});

async function run(database: string): Promise<number> {
  const isUrl = /^mongodb(\+srv)?:\/\//.test(database);
  const data = isUrl ? await openMongoData(database) : openSqliteData(resolve(database));
  try {
    const verification = await verify(data);
    process.stdout.write(`${reportOf(verification)}\n`);
    return verification.findings.length === 0 ? 0 : 1;
  } finally {
    await data.close();
  }
}

const { database } = parseCommandLine(VERIFY);
try {
  process.exitCode = await run(database);
} catch (error) {
  process.stderr.write(`Nothing was verified. ${(error as Error).message}\n`);
  process.exitCode = 2;
}
