import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small service that is asked for a rate, as a team's own metrics endpoint would be. */
export interface Measured {
  readonly url: string;
  /** What it answers: a number, or `down`: the connection is cut. */
  answer: number | 'down';
  readonly asked: number;
  stop(): Promise<void>;
}

export async function startMeasured(): Promise<Measured> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (measured.answer === 'down') return void response.socket?.destroy();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ rate: measured.answer }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const measured = {
    url: `http://127.0.0.1:${port}/rate`,
    answer: 1 as number | 'down',
    get asked() {
      return asked;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return measured;
}
