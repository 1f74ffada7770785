/** `npm run doctor -- <url>`: checks a Parley from outside, as a browser uses it, and says how to fix each fault. */
import { defineCommand, parseCommandLine } from './command-line.ts';
import { lineOf } from './doctor/check.ts';
import { diagnose } from './doctor/diagnose.ts';

const DOCTOR = defineCommand({
  name: 'npm run doctor',
  summary: `Checks a running Parley from outside, as a browser uses it, and says how to fix each fault. Creates an account,
unless one is given. Exit status: 0 without faults, 1 with faults.`,
  arguments: { url: { description: 'The public address of Parley.' } },
  options: {
    email: { type: 'string', value: 'address', description: 'The e-mail address of an account to use.' },
    password: { type: 'string', description: 'The password of that account.' },
  },
  examples: ['npm run doctor -- https://chat.example.org'],
});

const { url, account } = parseCommandLine(DOCTOR, (given) => {
  const { email, password } = given;
  if (!URL.canParse(given.url)) throw new Error(`'${given.url}' is not a URL`);
  if (!email !== !password) throw new Error('Give both --email and --password, or neither');
  return { url: new URL(given.url), account: email && password ? { email, password } : undefined };
});
let faults = 0;
for await (const check of diagnose(url, account === undefined ? {} : { account })) {
  process.stdout.write(`${lineOf(check)}\n`);
  if (!check.ok) faults += 1;
}
process.exitCode = faults === 0 ? 0 : 1;
