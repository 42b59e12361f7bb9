import { z } from 'zod';
import { slug } from '../../definitions/core/predicate.ts';

/** The longest expression of a mapping; JMESPath has no loops, so its length bounds its work. */
const LONGEST_EXPRESSION = 500;

export const expression = z.string().min(1).max(LONGEST_EXPRESSION);
const template = z.string().min(1).max(4000);
const templates = z.record(z.string().min(1).max(100), template);
const milliseconds = z.int().min(1).max(600_000);

/** Part of a request that is sent only when one of the fields was asked for: what costs extra is not asked for otherwise. */
const extra = z.strictObject({
  fields: z.array(z.string()).min(1).max(20),
  query: templates.optional(),
  json: z.record(z.string(), z.json()).optional(),
});

const request = z.strictObject({
  method: z.enum(['get', 'post']),
  /** With `{{path}}` where a value goes; it is encoded by its position. */
  url: template,
  query: templates.optional(),
  headers: templates.optional(),
  /** A body: JSON with templates in its texts, or a form. */
  json: z.json().optional(),
  form: templates.optional(),
  extras: z.array(extra).max(5).optional(),
  /** Redirects are followed, each to https and checked like the first: for a source without a key that only points the way. */
  follow: z.boolean().optional(),
});

/** A page of the company's own site: its robots.txt is respected and its redirects stay on the site. */
const page = z.strictObject({ url: template });

const dns = z.strictObject({
  name: template,
  types: z
    .array(z.enum(['mx', 'txt']))
    .min(1)
    .max(2),
});

/** What an answer can mean; `wait` is an asynchronous vendor still at work. */
const MEANINGS = ['hit', 'miss', 'retry', 'rate', 'quota', 'auth', 'error', 'wait'] as const;
export type Meaning = (typeof MEANINGS)[number];

const outcome = z.strictObject({
  /** Statuses for which the rule counts; all when left out. */
  status: z.array(z.int().min(100).max(599)).min(1).max(50).optional(),
  /** True of the body, or the rule does not count. */
  when: expression.optional(),
  is: z.enum(MEANINGS),
});

export const providerStep = z
  .strictObject({
    id: slug,
    request: request.optional(),
    page: page.optional(),
    dns: dns.optional(),
    /** The first rule that fits says what the answer means; docs/guide/providers.md has what counts where none does. */
    outcomes: z.array(outcome).max(30).optional(),
    /** Values for the steps after it: `task: data.id` is `{{submit.task}}` there. */
    keep: z.record(slug, expression).optional(),
    /** The request is repeated while its answer means `wait`. */
    poll: z.strictObject({ every_ms: milliseconds, first_ms: milliseconds.optional() }).optional(),
  })
  .superRefine((step, issue) => {
    const ways = [step.request, step.page, step.dns].filter((way) => way !== undefined).length;
    if (ways !== 1) issue.addIssue({ code: 'custom', message: 'a step has one of request, page and dns' });
    if (step.poll !== undefined && step.request === undefined)
      issue.addIssue({ code: 'custom', path: ['poll'], message: 'poll goes with request' });
    if (step.request?.json !== undefined && step.request.form !== undefined)
      issue.addIssue({ code: 'custom', path: ['request', 'form'], message: 'a body is json or a form, not both' });
  });

export type ProviderStep = z.infer<typeof providerStep>;
export type StepRequest = z.infer<typeof request>;
