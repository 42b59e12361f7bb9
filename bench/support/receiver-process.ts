import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver that takes all, as fast as it can. */
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end());
});
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
