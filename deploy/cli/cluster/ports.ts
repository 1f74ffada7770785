import { createServer } from 'node:net';

/** Rejects with one sentence for the operator when a port of a gateway is in use. */
export async function assertPortsFree(ports: readonly number[], host = '127.0.0.1'): Promise<void> {
  for (const port of ports) {
    if (!(await isFree(port, host))) {
      throw new Error(`Port ${port} is in use: stop the program that listens there, or choose another --base-port.`);
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
