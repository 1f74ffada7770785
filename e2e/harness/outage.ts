import { startProxy, type TcpProxy } from '@parley/testing';
import { startEmbedded, type EmbeddedParley, type Options } from './parley.ts';

/** Parley behind a network that a test can cut. */
export interface FragileParley {
  readonly parley: EmbeddedParley;
  readonly proxy: TcpProxy;
  /** The address through the network. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startFragile(options: Options = {}): Promise<FragileParley> {
  const parley = await startEmbedded(options);
  const proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(parley.urls[0]).port) });
  return {
    ...{ parley, proxy },
    url: `http://127.0.0.1:${proxy.port}`,
    async stop() {
      await proxy.close();
      await parley.stop();
    },
  };
}
