import 'reflect-metadata';
import { createLogger, readConfig, runUntilSignal, startTracing } from '@parley/platform';
import { startGateway } from './start-gateway.ts';

process.title = 'parley-gateway';

try {
  const config = readConfig('gateway');
  const tracing = await startTracing('parley-gateway');
  const logger = createLogger('parley-gateway', config.logLevel);
  const gateway = await startGateway(config, logger);
  runUntilSignal(() => gateway.close().finally(() => tracing.close()));
  logger.info({ port: gateway.port, managementPort: gateway.managementPort }, 'Serving.');
} catch (error) {
  process.stderr.write(`The gateway cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
