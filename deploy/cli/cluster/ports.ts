import { createServer } from 'node:net';

/** Rejects with one sentence for people when somebody listens on one of the gateways' ports already. */
export async function assertPortsFree(ports: readonly number[], host = '127.0.0.1'): Promise<void> {
  for (const port of ports) {
    if (!(await isFree(port, host))) {
      throw new Error(`Port ${port} is taken: stop what listens there, or choose another --base-port.`);
    }
  }
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
