import type { FastifyInstance } from 'fastify';

export interface ListeningServer {
  /** The port it listens on, also when it was given 0. */
  readonly port: number;
  /** Answers the requests that have arrived and refuses later ones. */
  close(): Promise<void>;
}

/** Rejects when the port is taken. */
export async function listenOn(server: FastifyInstance, host: string, port: number): Promise<ListeningServer> {
  let closing = false;
  // close() ends idle connections only. A busy one would be kept alive after its last answer.
  server.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  await server.listen({ host, port });
  const address = server.server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    async close() {
      closing = true;
      await server.close();
    },
  };
}
