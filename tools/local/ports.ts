import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Finds free TCP ports on the loopback address, all different. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
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
