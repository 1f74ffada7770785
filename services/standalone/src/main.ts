import 'reflect-metadata';
import { runService, type Config } from '@parley/platform';
import { standaloneService } from './start.ts';

const LOCAL_HOSTS = ['127.0.0.1', 'localhost', '::1'];

await runService(standaloneService(), {
  // Standard output has one line, the address.
  logDestination: process.stderr,
  announce({ url }, config) {
    process.stdout.write(`Parley is served at ${url}\n`);
    if (needsTls(config)) {
      process.stderr.write(
        'From other machines browsers use Parley only over https: set PARLEY_TLS_CERT and PARLEY_TLS_KEY, or put a ' +
          'proxy with TLS in front and set PARLEY_PUBLIC_URL and PARLEY_TRUSTED_PROXIES.\n',
      );
    }
  },
});

function needsTls({ host, tlsCert, publicUrl }: Config<'standalone'>): boolean {
  return tlsCert === undefined && !publicUrl?.startsWith('https:') && !LOCAL_HOSTS.includes(host);
}
