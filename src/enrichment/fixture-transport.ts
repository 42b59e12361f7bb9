import { canonicalJson } from '../kernel/canonical-json.ts';
import { jsonOrUndefined } from '../kernel/json.ts';
import type { Exchange, Failure, HttpRequest, Transport } from './core/exchange.ts';
import type { Fixture, FixtureExchange } from './core/fixtures.ts';

/** A vendor played from a fixture: the exchanges in their order, and a note of every request that was not the one expected. */
export function fixtureTransport({ exchanges = [], dns = [] }: Fixture): Transport & { unexpected: string[]; unused(): number } {
  const waiting = [...exchanges];
  const unexpected: string[] = [];
  const failed: Failure = { failed: true, sent: false, reason: 'the fixture has no answer for this request' };
  return {
    unexpected,
    unused: () => waiting.length,
    async send(request) {
      const next = waiting.shift();
      const difference = next === undefined ? 'one request more than the fixture has' : differenceOf(request, next.request);
      if (next === undefined || difference !== undefined) {
        unexpected.push(`${request.method} ${request.url.href}: ${difference}`);
        return failed;
      }
      return answerOf(next);
    },
    async resolve(name, types) {
      const found = dns.find((entry) => entry.name === name);
      if (found === undefined) {
        unexpected.push(`DNS ${name}: not in the fixture`);
        return failed;
      }
      return { mx: types.includes('mx') ? (found.mx ?? []) : [], txt: types.includes('txt') ? (found.txt ?? []) : [] };
    },
  };
}

/** The answer of a fixture as it comes over the wire. */
export function answerOf({ answer }: FixtureExchange): Exchange {
  const text = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
  const headers = Object.fromEntries(Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return { status: answer.status ?? 200, headers, text };
}

/** How a request differs from the one that a fixture wants, or undefined. Parameters may come in any order. */
export function differenceOf(request: HttpRequest, wanted: FixtureExchange['request']): string | undefined {
  const method = (wanted.method ?? (wanted.json !== undefined || wanted.form !== undefined ? 'post' : 'get')).toUpperCase();
  if (request.method !== method) return `the fixture wants ${method}`;
  if (inOrder(request.url) !== inOrder(new URL(wanted.url))) return `the fixture wants ${wanted.url}`;
  for (const [name, value] of Object.entries(wanted.headers ?? {})) {
    const sent = request.headers[name.toLowerCase()];
    if (sent !== value) return `the fixture wants the header ${name}: ${value}, not ${sent ?? 'none'}`;
  }
  if (wanted.json !== undefined && canonicalJson(jsonOrUndefined(request.body ?? '')) !== canonicalJson(wanted.json))
    return `the fixture wants the body ${JSON.stringify(wanted.json)}, not ${request.body ?? 'none'}`;
  const form = wanted.form === undefined ? undefined : new URLSearchParams(wanted.form).toString();
  return form === undefined || form === request.body ? undefined : `the fixture wants the form ${form}, not ${request.body ?? 'none'}`;
}

function inOrder(url: URL): string {
  const ordered = new URL(url);
  ordered.searchParams.sort();
  return ordered.href;
}
