import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hit, offerOf, StaticHouse } from './static-providers.ts';

export const PRICE_MICROS = 20_000;

/** A house of one seller that is asked over HTTP, as from any process. */
export function remoteSeller(url: string): StaticHouse {
  const offer = offerOf('seller', ['account.industry'], { billing: 'hit', priceMicros: PRICE_MICROS, timeoutMs: 20_000 });
  return new StaticHouse([
    [
      offer,
      async ({ inputs }) => {
        await fetch(`${url}?domain=${inputs['account.domain']}`);
        return hit({ 'account.industry': 'software' }, PRICE_MICROS);
      },
    ],
  ]);
}

/** The seller: it bills each request as it comes in, and then does what it is told before it answers. */
export async function startSeller(billed: () => unknown): Promise<{ url: string; bills: string[]; close(): Promise<void> }> {
  const bills: string[] = [];
  const server = createServer(async (request, response) => {
    bills.push(request.url ?? '');
    await billed();
    response.end('software');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    bills,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
