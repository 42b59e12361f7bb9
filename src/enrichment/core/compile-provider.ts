import { documentHash } from '../../kernel/canonical-json.ts';
import { microsOf } from './charge.ts';
import type { OutcomeRule } from './classify-answer.ts';
import { compileMapping, type Mapping } from './mapping.ts';
import type { OfferedField, ProviderOffer } from './provider.ts';
import type { ProviderSpec } from './provider-spec.ts';
import type { ProviderStep } from './provider-steps.ts';

export interface CompiledStep {
  step: ProviderStep;
  rules: readonly OutcomeRule[];
  keep: ReadonlyMap<string, Mapping>;
  /** The answer of this step is what the vendor bills. */
  billed: boolean;
}

export interface CompiledField {
  at: Mapping;
  role: string;
  confidence: { at: Mapping; of: number } | undefined;
}

export interface CompiledSignal {
  type: string;
  each: Mapping;
  title: Mapping | undefined;
  at: Mapping;
}

/** A description made ready: what the planner is told of it, and its expressions compiled. */
export interface Provider {
  spec: ProviderSpec;
  offer: ProviderOffer;
  made: ReadonlyMap<string, Mapping>;
  steps: readonly CompiledStep[];
  fields: ReadonlyMap<string, CompiledField>;
  signals: readonly CompiledSignal[];
  observedAt: Mapping | undefined;
  costAt: Mapping | undefined;
}

/** What counts where a description says nothing. */
const DEFAULTS = {
  hit: 0.5,
  fill: 0.7,
  accuracy: 0.85,
  latencyMs: 800,
  spread: 0.5,
  timeoutMs: 10_000,
  atOnce: 4,
  ttlDays: 90,
  missTtlDays: 14,
};

/** Makes a checked description ready. */
export function compileProvider(spec: ProviderSpec): Provider {
  const compiled = (expression: string | undefined) => (expression === undefined ? undefined : compileMapping(expression));
  const mappings = (expressions: Readonly<Record<string, string>> | undefined) =>
    new Map(Object.entries(expressions ?? {}).map(([name, expression]) => [name, compileMapping(expression)]));
  const steps = spec.steps ?? [];
  const billed = spec.billing.step ?? (steps.some(({ poll }) => poll !== undefined) ? steps.at(0)?.id : steps.at(-1)?.id);
  return {
    spec,
    offer: offerOf(spec),
    made: mappings(spec.made),
    steps: steps.map((step) => ({
      step,
      rules: (step.outcomes ?? []).map((rule) => ({
        statuses: rule.status === undefined ? undefined : new Set(rule.status),
        when: compiled(rule.when),
        is: rule.is,
      })),
      keep: mappings(step.keep),
      billed: step.id === billed,
    })),
    fields: new Map(
      Object.entries(spec.fields).map(([field, { at, role, confidence }]) => [
        field,
        {
          at: compileMapping(at),
          role: role ?? 'plain',
          confidence: confidence === undefined ? undefined : { at: compileMapping(confidence.at), of: confidence.of ?? 1 },
        },
      ]),
    ),
    signals: (spec.signals ?? []).map(({ type, each, title, at }) => ({
      type,
      each: compileMapping(each),
      title: compiled(title),
      at: compileMapping(at),
    })),
    observedAt: compiled(spec.observed_at),
    costAt: compiled(spec.billing.cost?.body),
  };
}

function offerOf(spec: ProviderSpec): ProviderOffer {
  const { billing, expect, limits } = spec;
  const usd = billing.usd_per_credit ?? 0;
  const { per_second: perSecond, per_minute: perMinute } = limits ?? {};
  return {
    id: spec.provider,
    version: documentHash(spec),
    family: spec.family ?? spec.vendor,
    subject: spec.subject,
    ...(spec.list === undefined ? {} : { local: true }),
    inputs: spec.list === undefined ? (spec.inputs ?? []) : Object.keys(spec.list.key).map((field) => [field]),
    billing: billing.per,
    priceMicros: billing.per === 'none' ? 0 : microsOf((billing.credits ?? 0) * usd),
    fields: Object.entries(spec.fields).map(
      ([field, offered]): OfferedField => ({
        field,
        role: offered.role ?? 'plain',
        fill: offered.fill ?? expect?.fill ?? DEFAULTS.fill,
        accuracy: offered.accuracy ?? expect?.accuracy ?? DEFAULTS.accuracy,
        ttlDays: offered.ttl_days ?? spec.ttl_days ?? DEFAULTS.ttlDays,
        extraMicros: microsOf((offered.extra_credits ?? 0) * usd),
      }),
    ),
    hitRate: expect?.hit ?? DEFAULTS.hit,
    latency: {
      medianMs: expect?.latency_ms ?? (spec.list === undefined ? DEFAULTS.latencyMs : 1),
      spread: expect?.spread ?? DEFAULTS.spread,
    },
    timeoutMs: limits?.timeout_ms ?? DEFAULTS.timeoutMs,
    limits: {
      ...(perSecond === undefined ? {} : { perSecond }),
      ...(perMinute === undefined ? {} : { perMinute }),
      atOnce: limits?.at_once ?? DEFAULTS.atOnce,
    },
    idempotent: billing.per === 'none',
    missTtlDays: spec.miss_ttl_days ?? DEFAULTS.missTtlDays,
    rehitDays: billing.rebill_days ?? 0,
  };
}
