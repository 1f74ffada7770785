import 'reflect-metadata';
import { createLogger, readConfig, runUntilSignal, startTracing, type Config } from '@parley/platform';
import { startStandalone } from './start-standalone.ts';

process.title = 'parley-standalone';

const LOCAL_HOSTS = ['127.0.0.1', 'localhost', '::1'];

try {
  const config = readConfig('standalone');
  const tracing = await startTracing('parley-standalone');
  // Standard output is for the one line that people look for.
  const logger = createLogger('parley-standalone', config.logLevel, process.stderr);
  const parley = await startStandalone(config, logger);
  runUntilSignal(() => parley.close().finally(() => tracing.close()));
  process.stdout.write(`Parley is served at ${parley.url}\n`);
  if (needsTls(config)) {
    process.stderr.write(
      'From other machines browsers use Parley only over https: set PARLEY_TLS_CERT and PARLEY_TLS_KEY, or put a proxy ' +
        'with TLS in front and set PARLEY_PUBLIC_URL and PARLEY_TRUSTED_PROXIES.\n',
    );
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function needsTls({ host, tlsCert, publicUrl }: Config<'standalone'>): boolean {
  return tlsCert === undefined && !publicUrl?.startsWith('https:') && !LOCAL_HOSTS.includes(host);
}
