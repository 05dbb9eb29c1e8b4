import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below what Linux gives to outgoing connections and to listeners without a wish: a port from there is soon somebody else's. */
const [first, last] = [20_000, 30_000];

/** Finds free TCP ports on the loopback address, all different. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenSomewhere));
  await Promise.all(servers.map(({ server }) => once(server.close(), 'close')));
  return servers.map(({ port }) => port);
}

/** One free TCP port on the loopback address. */
export async function findFreePort(): Promise<number> {
  const [port = 0] = await findFreePorts(1);
  return port;
}

async function listenSomewhere(): Promise<{ readonly server: Server; readonly port: number }> {
  for (;;) {
    const port = first + Math.floor(Math.random() * (last - first));
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return { server, port };
    } catch (error: unknown) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** Thrown when a port was taken between the search for it and its use. */
export class PortTaken extends Error {}

/** Runs `start` with fresh ports, again with others when somebody else was quicker to take one. */
export async function withFreePorts<T>(count: number, start: (ports: number[]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await findFreePorts(count));
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === 4) throw error;
    }
  }
}
