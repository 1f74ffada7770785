/**
 * `npm run doctor -- <public url> [--email … --password …]`: looks at a Parley as a browser does, and says of each fault
 * what would mend it. Without an account it makes one. Ends with 1 when there is a fault.
 */
import { parseArgs } from 'node:util';
import { lineOf } from './doctor/check.ts';
import { diagnose } from './doctor/diagnose.ts';

const USAGE = 'npm run doctor -- <https://chat.example.org> [--email <address> --password <password>]';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { email: { type: 'string' }, password: { type: 'string' } },
    allowPositionals: true,
  });
  const [address, ...more] = positionals;
  const { email, password } = values;
  if (address === undefined || more.length > 0 || !URL.canParse(address) || !email !== !password) {
    throw new Error('Name the public address of one Parley.');
  }
  let faults = 0;
  for await (const check of diagnose(new URL(address), email && password ? { account: { email, password } } : {})) {
    process.stdout.write(`${lineOf(check)}\n`);
    if (!check.ok) faults += 1;
  }
  return faults === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message} The command is: ${USAGE}\n`);
  process.exitCode = 2;
}
