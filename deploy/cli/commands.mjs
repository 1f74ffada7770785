/** Resolve the workspace's packages to their TypeScript sources. */
const FROM_SOURCES = ['--conditions=source'];

/**
 * The arguments of Node for each command. The packages are installed first, and Parley is built unless `unbuilt`.
 * A command with decorated classes of the services in its imports uses their builds, since Node cannot strip decorators.
 */
export const COMMANDS = {
  // For operators.
  start: { run: ['deploy/cli/start.ts'] },
  cluster: { run: [...FROM_SOURCES, 'deploy/cli/cluster.ts'] },
  images: { run: [...FROM_SOURCES, 'deploy/cli/images.ts'], unbuilt: true },
  backup: { run: ['deploy/cli/backup.ts'] },
  restore: { run: ['deploy/cli/restore.ts'] },
  verify: { run: ['deploy/cli/verify.ts'] },
  'migrate:data': { run: ['deploy/cli/migrate-data.ts'] },
  doctor: { run: [...FROM_SOURCES, 'deploy/cli/doctor.ts'], unbuilt: true },
  build: { run: ['deploy/cli/build.ts'], unbuilt: true },
  // For developers.
  dev: { run: [...FROM_SOURCES, 'e2e/tools/dev.ts'] },
  check: { run: [...FROM_SOURCES, 'e2e/tools/check.ts'], unbuilt: true },
  test: { run: [...FROM_SOURCES, 'e2e/tools/test.ts'] },
  'test:all': { run: [...FROM_SOURCES, 'e2e/tools/test.ts', '--all'] },
  'test:containers': { run: [...FROM_SOURCES, 'e2e/tools/test.ts', '--project', 'containers'], unbuilt: true },
  'test:chaos': { run: [...FROM_SOURCES, 'e2e/tools/test.ts', '--project', 'chaos'] },
  'test:kubernetes': { run: [...FROM_SOURCES, 'e2e/tools/test.ts', '--project', 'kubernetes'], unbuilt: true },
  seed: { run: [...FROM_SOURCES, 'e2e/tools/seed.ts'], unbuilt: true },
  bench: { run: [...FROM_SOURCES, 'e2e/load/bench.ts'] },
};
