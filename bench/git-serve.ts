import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerByBackend } from './git-backend';

/** Serves the repositories below the directory that it is given, to anybody, and prints its port: a process of its own, so that it is not measured with its caller. */
const [root = ''] = process.argv.slice(2);
const server = createServer((request, response) => void answerByBackend(root, request, response));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
// Its caller has gone, however it went.
process.stdin.on('end', () => process.exit(0)).resume();
