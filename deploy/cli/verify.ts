/**
 * `npm run verify -- <mongo url or data dir>`: walks a database, also a live one, and names every fault. Ends with 0 when
 * there is none, with 1 when there are some, with 2 when it could not look.
 */
import { resolve } from 'node:path';
import { reportOf } from './verify/report.ts';
import { openMongoData } from './verify/stored-data.mongo.ts';
import { openSqliteData } from './verify/stored-data.sqlite.ts';
import { verify } from './verify/verify.ts';

const USAGE = 'npm run verify -- <mongodb://… or data folder>';

async function main([place, ...more]: readonly string[]): Promise<number> {
  if (place === undefined || more.length > 0) throw new Error(`Name one database. The command is: ${USAGE}`);
  const isUrl = /^mongodb(\+srv)?:\/\//.test(place);
  const data = isUrl ? await openMongoData(place) : openSqliteData(resolve(place));
  try {
    const verification = await verify(data);
    process.stdout.write(`${reportOf(verification)}\n`);
    return verification.findings.length === 0 ? 0 : 1;
  } finally {
    await data.close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`Nothing was verified. ${(error as Error).message}\n`);
  process.exitCode = 2;
}
