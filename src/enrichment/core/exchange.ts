/** A request as it goes out. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  url: URL;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/** A whole answer: `body` is the JSON it is, else its text. */
export interface Exchange {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** No whole answer. `sent`: the request may have reached the vendor. */
export interface Failure {
  failed: true;
  sent: boolean;
  /** In our own words: no URL, no key. */
  reason: string;
}

export interface DnsAnswer {
  mx: { exchange: string; priority: number }[];
  txt: string[];
}

/** How requests leave: over the network, or answered from fixtures. It never throws. */
export interface Transport {
  send(request: HttpRequest, options: { signal: AbortSignal; timeoutMs: number; maxBytes: number }): Promise<Exchange | Failure>;
  resolve(name: string, types: readonly ('mx' | 'txt')[], options: { signal: AbortSignal }): Promise<DnsAnswer | Failure>;
}

export function isFailure(result: object): result is Failure {
  return 'failed' in result;
}
