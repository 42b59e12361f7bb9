import { parse } from 'tldts';
import { registrableDomain } from '../../records/core/normalise-address.ts';
import { remembered } from './remembered.ts';

export interface Domain {
  /** The host without `www.`, in ASCII: `shop.acme.co.uk`. Reading it gives the same again. */
  host: string;
  /** What somebody registered: `acme.co.uk`; under a private suffix the name below it: `acme.github.io`. */
  registrable: string;
  /** True below a private suffix such as `github.io` or `myshopify.com`: the domain above is a provider's, not the company's. */
  isPrivateSuffix: boolean;
  /** The registrable domain by the suffixes of registries alone: `acme.co.uk`, but `github.io`. */
  icann: string;
  /** The label that was registered: `acme`. */
  label: string;
}

/** The domain in a host name, a web address or an e-mail address. Null for an IP address and what has no registrable domain. */
export const normaliseDomain = remembered(readDomain, 50_000);

function readDomain(text: string): Domain | null {
  const trimmed = text.trim();
  const icann = trimmed === '' || !trimmed.includes('.') ? undefined : registrableDomain(trimmed);
  if (icann === undefined) return null;
  const { hostname, domain, isPrivate } = parse(trimmed, { allowPrivateDomains: true });
  const host = asciiHost(hostname)?.replace(/^www\d?\.(?=.+\.)/, '') ?? icann;
  const below = isPrivate === true && domain !== null ? (asciiHost(domain) ?? icann) : icann;
  return {
    host: host.endsWith(icann) ? host : icann,
    registrable: below,
    isPrivateSuffix: below !== icann,
    icann,
    label: below.slice(0, below.indexOf('.')),
  };
}

function asciiHost(host: string | null): string | undefined {
  if (host === null) return undefined;
  if (/^[a-z0-9.-]+$/.test(host)) return host;
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
