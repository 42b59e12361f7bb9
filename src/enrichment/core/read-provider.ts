import { type Clash, clashes } from '../../definitions/core/common.ts';
import { type PlacedProblem, placed, readYaml } from '../../definitions/core/locate.ts';
import { unfitValues } from '../../definitions/core/plain-json.ts';
import { shapeProblems } from '../../definitions/core/problems.ts';
import { domainsAsked, type KeyDomains } from './key-domains.ts';
import { expressionFlaw } from './mapping.ts';
import { type ProviderSpec, providerSpec, secretsOf } from './provider-spec.ts';
import type { ProviderStep } from './provider-steps.ts';
import { isMalformed, pathsOf } from './template.ts';

export type ReadProvider = { ok: true; spec: ProviderSpec } | { ok: false; problems: PlacedProblem[] };

/**
 * Reads the text of a provider.yaml, or says everything that is wrong with it and where.
 * @param folder the name that it must have. @param known keys that are spoken for, and where they may go
 */
export function readProvider(text: string, folder: string, known: KeyDomains = new Map()): ReadProvider {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) return { ok: false, problems: yaml.problems };
  const unfit = unfitValues(yaml.value);
  if (unfit.length > 0) return { ok: false, problems: placed(unfit, yaml) };
  const { document, problems } = shapeProblems<ProviderSpec>(providerSpec, yaml.value);
  const found = document === undefined ? problems : contradictions(document, folder, known);
  if (document !== undefined && found.length === 0) return { ok: true, spec: document };
  return { ok: false, problems: placed(found, yaml).sort((a, b) => a.line - b.line || a.column - b.column) };
}

type Fail = (path: Clash['path'], message: string) => void;

/** What the parts of a description say that cannot stand together. */
function contradictions(spec: ProviderSpec, folder: string, known: KeyDomains): Clash[] {
  const { found, fail } = clashes();
  if (spec.provider !== folder) fail(['provider'], `its folder is called ${folder}; give both one name`);
  checkForm(spec, fail);
  checkSecrets(spec, known, fail);
  checkFields(spec, fail);
  checkExpressions(spec, fail);
  checkSteps(spec, fail);
  return found;
}

function checkForm(spec: ProviderSpec, fail: Fail): void {
  if ((spec.list === undefined) === (spec.steps === undefined)) fail([], 'a provider has either steps or a list');
  if (spec.steps !== undefined && spec.inputs === undefined) fail([], 'missing: inputs, the sets of fields by which it is asked');
  if (spec.list !== undefined && spec.inputs !== undefined) fail(['inputs'], 'a list takes its inputs from its key; leave this out');
  if (spec.list !== undefined && spec.auth.kind !== 'none') fail(['auth'], 'a list needs no key: kind: none');
  if (spec.list !== undefined && spec.billing.per !== 'none') fail(['billing', 'per'], 'a list costs nothing to ask: none');
}

/** Variables of this program itself. */
const OWN = /^(SAMEPAGE_.*|DATABASE_URL)$/;

/** A description from elsewhere cannot have the keys of others sent to itself. */
function checkSecrets(spec: ProviderSpec, known: KeyDomains, fail: Fail): void {
  const prefix = `${spec.vendor.toUpperCase()}_`;
  for (const secret of secretsOf(spec.auth)) {
    if (!secret.startsWith(prefix)) fail(['auth'], `${secret}: a variable of this vendor begins with ${prefix}`);
    if (OWN.test(secret)) fail(['auth'], `${secret} is a variable of samepage-mcp, and no vendor's key`);
    const theirs = known.get(secret);
    const elsewhere = theirs === undefined ? undefined : domainsAsked(spec).find((domain) => !theirs.has(domain));
    if (theirs !== undefined && elsewhere !== undefined)
      fail(['auth'], `${secret} is the key of a shipped provider: it goes to ${[...theirs].join(' and ')} alone, not to ${elsewhere}`);
  }
}

function checkFields(spec: ProviderSpec, fail: Fail): void {
  for (const field of Object.keys(spec.fields)) {
    if (!field.startsWith(`${spec.subject}.`))
      fail(['fields', field], `its subject is ${spec.subject}: fields begin with ${spec.subject}.`);
  }
  if (Object.keys(spec.fields).length === 0 && (spec.signals ?? []).length === 0) fail(['fields'], 'it gives neither a field nor a signal');
  if (spec.billing.per === 'none' && Object.values(spec.fields).some((field) => (field.extra_credits ?? 0) > 0))
    fail(['billing', 'per'], 'a field has extra_credits, so something is billed');
}

function checkExpressions(spec: ProviderSpec, fail: Fail): void {
  const check = (path: Clash['path'], expression: string | undefined) => {
    const flaw = expression === undefined ? undefined : expressionFlaw(expression);
    if (flaw !== undefined) fail(path, flaw);
  };
  for (const [name, expression] of Object.entries(spec.made ?? {})) check(['made', name], expression);
  for (const [name, field] of Object.entries(spec.fields)) {
    check(['fields', name, 'at'], field.at);
    check(['fields', name, 'confidence', 'at'], field.confidence?.at);
  }
  for (const [i, signal] of (spec.signals ?? []).entries()) {
    for (const key of ['each', 'title', 'at'] as const) check(['signals', i, key], signal[key]);
  }
  check(['observed_at'], spec.observed_at);
  check(['billing', 'cost', 'body'], spec.billing.cost?.body);
  for (const [i, step] of (spec.steps ?? []).entries()) {
    for (const [j, rule] of (step.outcomes ?? []).entries()) check(['steps', i, 'outcomes', j, 'when'], rule.when);
    for (const [name, expression] of Object.entries(step.keep ?? {})) check(['steps', i, 'keep', name], expression);
  }
}

const SCHEMES = /^https:\/\//;

function checkSteps(spec: ProviderSpec, fail: Fail): void {
  const steps = spec.steps ?? [];
  if (spec.billing.step !== undefined && !steps.some(({ id }) => id === spec.billing.step))
    fail(['billing', 'step'], `there is no step ${spec.billing.step}`);
  const known = new Set([...(spec.inputs ?? []).flat(), ...Object.keys(spec.made ?? {}).map((name) => `made.${name}`)]);
  for (const [i, step] of steps.entries()) {
    if (steps.findIndex(({ id }) => id === step.id) !== i) fail(['steps', i, 'id'], `"${step.id}" is used twice`);
    if (['made', 'input', 'account', 'person'].includes(step.id)) fail(['steps', i, 'id'], `"${step.id}" means something else`);
    const url = step.request?.url ?? step.page?.url;
    if (url !== undefined && !SCHEMES.test(url))
      fail(['steps', i, step.page ? 'page' : 'request', 'url'], 'an https address is needed here');
    if (step.request !== undefined && /^https:\/\/[^/]*\{\{/.test(step.request.url))
      fail(['steps', i, 'request', 'url'], 'the host of a request with a key is written out; a page may have one from the record');
    if (step.request?.follow === true && spec.auth.kind !== 'none')
      fail(['steps', i, 'request', 'follow'], 'a request with a key is not sent on to where an answer says');
    for (const { path, text } of templatesOf(step)) {
      if (isMalformed(text)) fail(['steps', i, ...path], 'a {{path}} that cannot be read; it is written {{account.domain}}');
      for (const name of pathsOf(text)) {
        if (!known.has(name)) fail(['steps', i, ...path], `nothing gives ${name}: there are ${[...known].sort().join(', ')}`);
      }
    }
    for (const name of Object.keys(step.keep ?? {})) known.add(`${step.id}.${name}`);
  }
}

/** Every template of a step with its path. */
function templatesOf(step: ProviderStep): { path: Clash['path']; text: string }[] {
  const found: { path: Clash['path']; text: string }[] = [];
  const walk = (value: unknown, path: Clash['path']): void => {
    if (typeof value === 'string') found.push({ path, text: value });
    else if (Array.isArray(value)) for (const [i, item] of value.entries()) walk(item, [...path, i]);
    else if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
  };
  walk(step.page, ['page']);
  walk(step.dns?.name, ['dns', 'name']);
  if (step.request !== undefined) {
    const { method: _, follow: __, extras, ...rest } = step.request;
    walk(rest, ['request']);
    for (const [i, { fields: ___, ...extra }] of (extras ?? []).entries()) walk(extra, ['request', 'extras', i]);
  }
  return found;
}
