import { parse } from 'tldts';
import { isBlank, type Reading } from './reading.ts';

/** Hosts on which many companies have a page: a link there names the page's host, not the company. */
const SHARED_HOSTS: ReadonlySet<string> = new Set([
  'facebook.com',
  'instagram.com',
  'linkedin.com',
  'twitter.com',
  'x.com',
  'youtube.com',
  'linktr.ee',
  'github.com',
  'medium.com',
  'wikipedia.org',
  'crunchbase.com',
  'google.com',
]);

/**
 * The registrable domain of a host name, URL or e-mail address, in ASCII: `https://www.acme.co.uk/about` → `acme.co.uk`. Nothing is
 * read from a page on a shared host such as facebook.com/acme; facebook.com alone is Facebook's.
 */
export function readDomain(raw: string): Reading<string> {
  const text = raw.trim();
  if (isBlank(text)) return undefined;
  const domain = registrableDomain(text);
  if (domain === undefined) return { reason: 'has no registrable domain, as in example.com' };
  if (SHARED_HOSTS.has(domain) && !isHostOf(text, domain)) return undefined;
  return { value: domain };
}

/** True for a domain on which many companies have a page. */
export function isSharedHost(domain: string): boolean {
  return SHARED_HOSTS.has(domain);
}

function isHostOf(text: string, domain: string): boolean {
  return (
    text
      .toLowerCase()
      .replace(/^[a-z]+:\/\//, '')
      .replace(/\/$/, '')
      .replace(/^www\./, '') === domain
  );
}

/** RFC 2606: what invented companies are named under. */
const RESERVED = /\.(?:example|test)$/i;

/** The registrable domain of what may hold a host name, or undefined. */
export function registrableDomain(text: string): string | undefined {
  if (text.length > 2048 || /[\s\p{Cc}]/u.test(text)) return undefined;
  const { domain, isIp, isIcann } = parse(text);
  if (domain === null || isIp === true || (isIcann !== true && !RESERVED.test(domain))) return undefined;
  const ascii = isAscii(domain) ? domain.toLowerCase() : asciiHost(domain);
  return ascii !== undefined && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(ascii) ? ascii : undefined;
}

/** An e-mail address in lower case, its domain in ASCII. Takes `mailto:` and `Name <address>` too. */
export function readEmail(raw: string): Reading<string> {
  const text = raw.trim();
  if (isBlank(text)) return undefined;
  const inner = /^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
  const address = inner.replace(/^mailto:/i, '').trim();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).normalize('NFC').toLowerCase();
  const host = address.slice(at + 1).toLowerCase();
  const ascii = isAscii(host) ? host : asciiHost(host);
  const problem = { reason: 'is not an e-mail address' };
  if (at < 1 || ascii === undefined || address.length > 254 || local.length > 64) return problem;
  if (!/^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*\.?$/u.test(local)) return problem;
  if (!/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(ascii)) return problem;
  return { value: `${local}@${ascii}` };
}

/** A web address with its scheme; `https://` is added where it has none. */
export function readUrl(raw: string): Reading<string> {
  const text = raw.trim();
  if (isBlank(text)) return undefined;
  const problem = { reason: 'is not a web address' };
  if (text.length > 2048 || /[\s\p{Cc}]/u.test(text)) return problem;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !url.hostname.includes('.')) return problem;
  return { value: url.href.isWellFormed() ? url.href : whole };
}

function isAscii(text: string): boolean {
  return /^[\u0021-\u007e]*$/.test(text);
}

function asciiHost(host: string): string | undefined {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
