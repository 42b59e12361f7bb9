import { z } from 'zod';
import { label, prose } from '../../definitions/core/common.ts';
import { fieldName, slug } from '../../definitions/core/predicate.ts';
import { expression, providerStep } from './provider-steps.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower case letters, digits and -, starting with a letter')
  .max(60);
const rate = z.number().min(0).max(1);
const variable = z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/, 'the name of an environment variable, as in HUNTER_API_KEY');
const httpsUrl = z.url({ protocol: /^https$/, error: 'an https address is needed here' });
const daysKept = z.int().min(1).max(3650);

/** Names of variables, never their values: a description is shared, a key is not. */
const auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('header'),
    header: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,60}$/, 'the name of a header'),
    secret: variable,
    /** Written before the key: `Token `. */
    prefix: z.string().max(20).optional(),
  }),
  z.strictObject({ kind: z.literal('query'), parameter: z.string().min(1).max(60), secret: variable }),
  z.strictObject({ kind: z.literal('bearer'), secret: variable }),
  /** HTTP basic; a vendor that takes its key as the user has no `password`. */
  z.strictObject({ kind: z.literal('basic'), user: variable, password: variable.optional() }),
  z.strictObject({
    kind: z.literal('oauth2'),
    token_url: httpsUrl,
    client_id: variable,
    client_secret: variable,
    scope: z.string().max(500).optional(),
  }),
]);

const billing = z
  .strictObject({
    per: z.enum(['hit', 'field', 'request', 'none']),
    credits: z.number().min(0).max(1000).optional(),
    usd_per_credit: z.number().min(0).max(100).optional(),
    /** Where the price of a credit is from; an assumed one is to be replaced by what the team pays. */
    price_from: z.enum(['vendor', 'third_party', 'assumed']).optional(),
    /** The step whose answer is billed; the first of a flow that polls, else the last. */
    step: slug.optional(),
    /** The same record is not billed again within so many days. */
    rebill_days: z.int().min(0).max(3650).optional(),
    /** Credits charged, where the answer says so. */
    cost: z.strictObject({ header: z.string().min(1).max(100).optional(), body: expression.optional() }).optional(),
  })
  .superRefine((bill, issue) => {
    if (bill.per === 'none') return;
    for (const key of ['credits', 'usd_per_credit', 'price_from'] as const)
      if (bill[key] === undefined) issue.addIssue({ code: 'custom', path: [key], message: `what is billed per ${bill.per} needs ${key}` });
  });

const offeredField = z.strictObject({
  /** JMESPath: the last answer is `body`, what was asked with `input`. */
  at: expression,
  /** What the value is about, where it is not plainly the field: privacy_contact, registrant, office. */
  role: slug.optional(),
  fill: rate.optional(),
  accuracy: rate.optional(),
  /** What the vendor says of the value, and the number that means certainty. */
  confidence: z.strictObject({ at: expression, of: z.number().min(0.01).max(1000).optional() }).optional(),
  ttl_days: daysKept.optional(),
  extra_credits: z.number().min(0).max(1000).optional(),
});

const signal = z.strictObject({
  /** A signal of the taxonomy: hiring, funding_round, executive_move. */
  type: slug,
  /** A list of objects, each a signal, or one object. */
  each: expression,
  title: expression.optional(),
  /** When it happened: a date, an instant, or seconds or milliseconds since 1970. One without it is left out. */
  at: expression,
});

const list = z.strictObject({
  /** CSV or JSONL; a relative path begins at the folder of this description. */
  file: z.string().min(1).max(1000),
  /** Field of the record → column of the list by which a row is found. */
  key: z.record(fieldName, z.string().min(1).max(200)),
});

/** A description of a provider: providers/NAME/provider.yaml. docs/guide/providers.md explains it. */
export const providerSpec = z.strictObject({
  provider: name,
  name: label,
  /** Variables of its keys begin with it: `hunter` → HUNTER_… */
  vendor: slug,
  /** Providers that draw on the same source have one vote; the vendor, when left out. */
  family: slug.optional(),
  subject: z.enum(['account', 'person']),
  about: prose.optional(),
  verified: z.strictObject({
    /** vendor: from the vendor's own page or repository; third_party: from somebody's description of it; unverified: neither. */
    mark: z.enum(['vendor', 'third_party', 'unverified']),
    how: prose,
  }),
  terms: z.strictObject({ url: httpsUrl.optional(), note: prose.optional() }).optional(),
  auth,
  /** Who asks is named in the User-Agent: disabled until SAMEPAGE_CONTACT says how to reach you. */
  contact: z.boolean().optional(),
  /** Sets of fields, any of which is enough to ask. A list takes them from its key. */
  inputs: z.array(z.array(fieldName).min(1).max(6)).min(1).max(10).optional(),
  /** Values made from the input before the first request: name → JMESPath; `{{made.name}}`. */
  made: z.record(slug, expression).optional(),
  steps: z.array(providerStep).min(1).max(4).optional(),
  list: list.optional(),
  fields: z.record(fieldName, offeredField),
  signals: z.array(signal).max(10).optional(),
  /** When the values were true, where the answer says so. */
  observed_at: expression.optional(),
  billing,
  limits: z
    .strictObject({
      per_second: z.number().min(0.01).max(10_000).optional(),
      per_minute: z.number().min(0.1).max(100_000).optional(),
      at_once: z.int().min(1).max(100).optional(),
      timeout_ms: z.int().min(100).max(600_000).optional(),
    })
    .optional(),
  ttl_days: daysKept.optional(),
  miss_ttl_days: daysKept.optional(),
  /** What is expected before anything was learned. */
  expect: z
    .strictObject({
      hit: rate.optional(),
      fill: rate.optional(),
      accuracy: rate.optional(),
      latency_ms: z.number().min(1).max(600_000).optional(),
      spread: z.number().min(0.01).max(3).optional(),
    })
    .optional(),
});

export type ProviderSpec = z.infer<typeof providerSpec>;
export type ProviderAuth = ProviderSpec['auth'];

/** The variables that a description needs. */
export function secretsOf(auth: ProviderAuth): string[] {
  switch (auth.kind) {
    case 'none':
      return [];
    case 'basic':
      return auth.password === undefined ? [auth.user] : [auth.user, auth.password];
    case 'oauth2':
      return [auth.client_id, auth.client_secret];
    default:
      return [auth.secret];
  }
}
