import type { FastifyInstance } from 'fastify';

export interface ListeningServer {
  /** The one it was given, or the one it got in the place of 0. */
  readonly port: number;
  /** Answers what has arrived, and refuses the rest. */
  close(): Promise<void>;
}

/** Rejects when the port is taken. */
export async function listenOn(server: FastifyInstance, host: string, port: number): Promise<ListeningServer> {
  let closing = false;
  // Closing ends only the connections that are idle then; those that are answered later would be kept open for long.
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
