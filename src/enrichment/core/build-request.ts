import type { HttpRequest } from './exchange.ts';
import type { StepRequest } from './provider-steps.ts';
import { headerOf, jsonOf, parametersOf, type TemplateValues, urlOf } from './template.ts';

/**
 * The request that a step describes, without its key. Parts that cost extra are in it when one of their fields is wanted.
 * @throws MissingValue when a value that it needs is not there
 */
export function buildRequest(step: StepRequest, values: TemplateValues, wanted: readonly string[], agent: string): HttpRequest {
  const extras = (step.extras ?? []).filter(({ fields }) => fields.some((field) => wanted.includes(field)));
  const url = urlOf(step.url, values);
  const query = [step.query ?? {}, ...extras.map((extra) => extra.query ?? {})].flatMap((part) => parametersOf(part, values));
  for (const [name, value] of query) url.searchParams.append(name, value);
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': agent };
  for (const [name, template] of Object.entries(step.headers ?? {})) headers[name.toLowerCase()] = headerOf(template, values);
  const method = step.method === 'get' ? 'GET' : 'POST';
  if (step.form !== undefined) {
    const body = new URLSearchParams(parametersOf(step.form, values)).toString();
    return { method, url, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body };
  }
  if (step.json === undefined) return { method, url, headers };
  const json = jsonOf(step.json, values);
  const added = Object.assign({}, ...extras.map((extra) => jsonOf(extra.json ?? {}, values)));
  const whole = Array.isArray(json) || typeof json !== 'object' ? json : { ...json, ...added };
  return { method, url, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(whole) };
}
