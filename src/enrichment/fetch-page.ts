import { registrableDomain } from '../records/core/normalise-address.ts';
import { type Exchange, type Failure, type HttpRequest, isFailure, type Transport } from './core/exchange.ts';
import { mayFetch } from './core/robots.ts';

const MAX_HOPS = 5;
const MAX_PAGE_BYTES = 3_000_000;
const MAX_ROBOTS_BYTES = 500_000;
const ROBOTS_NAME = 'samepage-mcp';

export interface PageOptions {
  signal: AbortSignal;
  timeoutMs: number;
  agent: string;
}

/**
 * Reads a page as a polite visitor: each host's robots.txt is asked first, and redirects are followed while they stay on the
 * company's own domain, each a new connection that is checked like the first. Where the rules forbid it, or the site leads elsewhere, the
 * answer has status 404: there is nothing to be had.
 */
export async function fetchPage(transport: Transport, start: URL, options: PageOptions): Promise<Exchange | Failure> {
  const site = registrableDomain(start.hostname);
  let url = start;
  let asked: string | undefined;
  for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
    if (site === undefined || registrableDomain(url.hostname) !== site || url.port !== '' || !/^https?:$/.test(url.protocol))
      return nothing();
    if (asked !== url.origin) {
      const permission = await robotsPermit(transport, url, options);
      if (typeof permission === 'object') return permission;
      if (!permission) return nothing();
      asked = url.origin;
    }
    const answer = await transport.send(visit(url, options.agent, 'text/html'), { ...options, maxBytes: MAX_PAGE_BYTES });
    if (isFailure(answer) || answer.status < 300 || answer.status > 399) return answer;
    const { location = '' } = answer.headers;
    if (!URL.canParse(location, url.href)) return nothing();
    url = new URL(location, url);
  }
  return nothing();
}

const nothing = (): Exchange => ({ status: 404, headers: {}, text: '' });

const visit = (url: URL, agent: string, accept: string): HttpRequest => ({ method: 'GET', url, headers: { accept, 'user-agent': agent } });

/** RFC 9309: no robots.txt permits all, one that cannot be had for now forbids all. A failure is passed on. */
async function robotsPermit(transport: Transport, page: URL, options: PageOptions): Promise<boolean | Failure> {
  const site = registrableDomain(page.hostname);
  let url = new URL('/robots.txt', page);
  for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
    const answer = await transport.send(visit(url, options.agent, 'text/plain'), { ...options, maxBytes: MAX_ROBOTS_BYTES });
    if (isFailure(answer)) return answer;
    if (answer.status >= 500 || answer.status === 429) return false;
    if (answer.status < 300) return mayFetch(answer.text, ROBOTS_NAME, `${page.pathname}${page.search}`);
    const { location = '' } = answer.headers;
    if (answer.status >= 400 || !URL.canParse(location, url.href)) return true;
    url = new URL(location, url);
    if (registrableDomain(url.hostname) !== site || url.port !== '') return true;
  }
  return true;
}
