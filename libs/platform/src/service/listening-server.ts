import type { FastifyInstance } from 'fastify';
import { listenError, type ListenTarget } from './listen-error.ts';

export interface ListeningServer {
  /** The port it listens on, also when it was given 0. */
  readonly port: number;
  /** Answers the requests that have arrived and refuses later ones. */
  close(): Promise<void>;
}

/** Rejects, with a message that says what to do, when the server cannot listen. */
export async function listenOn(server: FastifyInstance, target: ListenTarget): Promise<ListeningServer> {
  const { host, port } = target;
  let closing = false;
  // close() ends idle connections only. A busy one would be kept alive after its last answer.
  server.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw listenError(error, target);
  }
  const address = server.server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    async close() {
      closing = true;
      await server.close();
    },
  };
}
