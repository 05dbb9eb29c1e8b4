import type { AddressInfo, Server, Socket } from 'node:net';
import type { Cuttable } from './lines';

/** The port of a line, which can be shut. */
export interface Gate extends Cuttable {
  readonly port: number;
}

/** Has a server listen on a free port of the loopback address. While it is cut it keeps the port, so that nobody else can take it. */
export async function openGate(server: Server): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isCut = false;
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    if (isCut) return void socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => void (isCut = false),
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
