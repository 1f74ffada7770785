import 'reflect-metadata';
import { createLogger, readConfig, runUntilSignal, startTracing } from '@parley/platform';
import { startMessageService } from './start.ts';

process.title = 'parley-message';

try {
  const config = readConfig('message');
  const tracing = await startTracing('parley-message');
  const logger = createLogger('parley-message', config.logLevel);
  const service = await startMessageService(config, logger);
  runUntilSignal(() => service.close().finally(() => tracing.close()));
  logger.info({ port: service.port, managementPort: service.managementPort }, 'Serving.');
} catch (error) {
  process.stderr.write(`The message service cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
