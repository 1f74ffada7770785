import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Printed {
  readonly stdout: string;
  /** Warnings of the API server among it. */
  readonly stderr: string;
}

/** Rejects with what kubectl complains of. `input` is its standard input. */
export async function runKubectl(args: readonly string[], input = ''): Promise<Printed> {
  const child = spawn('kubectl', [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const status = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await status) !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
  return { stdout, stderr };
}

/** What `kubectl …` prints. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  return (await runKubectl(args)).stdout.trim();
}
