import { registrableDomain } from '../../records/core/normalise-address.ts';
import { type ProviderSpec, secretsOf } from './provider-spec.ts';

/** By variable: the registrable domains to which its key goes. */
export type KeyDomains = ReadonlyMap<string, ReadonlySet<string>>;

/** Where descriptions send the keys that they name. */
export function keyDomains(specs: Iterable<ProviderSpec>): KeyDomains {
  const domains = new Map<string, Set<string>>();
  for (const spec of specs)
    for (const secret of secretsOf(spec.auth)) domains.set(secret, new Set([...(domains.get(secret) ?? []), ...domainsAsked(spec)]));
  return domains;
}

/** The registrable domains that get what a description authorises. */
export function domainsAsked({ auth, steps = [] }: ProviderSpec): string[] {
  const urls = [
    ...steps.flatMap(({ request }) => (request === undefined ? [] : [request.url])),
    ...('token_url' in auth ? [auth.token_url] : []),
  ];
  return [...new Set(urls.map(domainOf))];
}

/** As a URL is read when it is asked: what stands before an @ or a backslash in it is no host. */
function domainOf(template: string): string {
  const text = template.replace(/\{\{[^}]*\}\}/g, 'x');
  const host = URL.canParse(text) ? new URL(text).hostname : text;
  return registrableDomain(host) ?? host;
}
