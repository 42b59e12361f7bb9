import type { HttpRequest } from './exchange.ts';
import type { ProviderAuth } from './provider-spec.ts';

/** What a provider's keys are: name of the variable → value. */
export type Keys = Readonly<Record<string, string>>;

/** The request with its key in place. Of OAuth2 `token` is the access token. */
export function authorised(request: HttpRequest, auth: ProviderAuth, keys: Keys, token?: string): HttpRequest {
  const header = (name: string, value: string): HttpRequest => ({ ...request, headers: { ...request.headers, [name]: value } });
  switch (auth.kind) {
    case 'none':
      return request;
    case 'header':
      return header(auth.header.toLowerCase(), `${auth.prefix ?? ''}${keys[auth.secret] ?? ''}`);
    case 'bearer':
      return header('authorization', `Bearer ${keys[auth.secret] ?? ''}`);
    case 'basic': {
      const pair = `${keys[auth.user] ?? ''}:${auth.password === undefined ? '' : (keys[auth.password] ?? '')}`;
      return header('authorization', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
    }
    case 'oauth2':
      return header('authorization', `Bearer ${token ?? ''}`);
    case 'query': {
      const url = new URL(request.url);
      url.searchParams.set(auth.parameter, keys[auth.secret] ?? '');
      return { ...request, url };
    }
  }
}
