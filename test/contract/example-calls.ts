import { derivedId } from '../../src/kernel/ids.ts';
import { isObject } from '../../src/kernel/json.ts';

type Input = Record<string, unknown>;
/** The structured content of the calls made so far, by tool. */
export type Answers = ReadonlyMap<string, unknown>;

export interface ExampleCall {
  tool: string;
  input: Input | ((answers: Answers) => Input);
  /** True where only a person makes the call good, whom these clients cannot ask. */
  isRefused?: boolean;
}

const DOMAIN = 'acme.com';

/** One call of every tool, in an order that works on an empty workspace. */
export const EXAMPLE_CALLS: readonly ExampleCall[] = [
  { tool: 'import_records', input: { content: 'domain,name,employees\nacme.com,Acme,120\n', source: 'crm' } },
  {
    tool: 'record_engagement',
    input: {
      events: ['ada@acme.com', 'ada.lovelace@acme.com'].map((email, i) => ({
        event_id: `web-${i + 1}`,
        type: 'pricing_page',
        occurred_at: '2026-02-27T08:30:00Z',
        email,
      })),
    },
  },
  { tool: 'search_records', input: { kind: 'account' } },
  { tool: 'quote_enrichment', input: { records: [DOMAIN], fields: ['account.name'] } },
  // what is known is not asked for: nobody is called
  { tool: 'enrich_record', input: { records: [DOMAIN], fields: ['account.name'], budget_usd: 0 } },
  { tool: 'match_lead', input: { email: 'ada@acme.com', name: 'Ada Lovelace', company: 'Acme Inc' } },
  {
    tool: 'intake_lead',
    input: { source: 'web', external_id: 'form-1', email: 'bob@acme.com', name: 'Bob Baker', company: 'Acme', fields: { seniority: 'vp' } },
  },
  { tool: 'stitch_records', input: { preview: true } },
  { tool: 'list_match_reviews', input: { limit: 5, response_format: 'detailed' } },
  { tool: 'decide_match', input: { verdict: 'match', records: ['ada@acme.com', 'ada.lovelace@acme.com'], reason: 'the same Ada' } },
  { tool: 'get_match', input: { record: 'ada@acme.com', response_format: 'detailed' } },
  // taken apart again, and free to be merged once more: the calls are made by one client after the other
  {
    tool: 'unmerge_record',
    input: { kind: 'person', records: [derivedId('person', 'email', 'ada.lovelace@acme.com')], keep_apart: false },
  },
  { tool: 'rescore_records', input: { scope: 'all' } },
  { tool: 'get_definition', input: { kind: 'rubric', response_format: 'detailed' } },
  {
    tool: 'propose_definition',
    input: { kind: 'rubric', changes: [{ path: 'criteria.pricing.events.points', value: 8 }], reason: 'prices tell most' },
  },
  { tool: 'sign_definition', input: { kind: 'rubric', team: 'sales' }, isRefused: true },
  { tool: 'score_record', input: { record: DOMAIN } },
  // disqualified in the end, so that it can be handed off again with a reason
  { tool: 'hand_off_lead', input: { person: 'bob@acme.com', reason: 'met at the fair' } },
  { tool: 'log_follow_up', input: { handoff: 'bob@acme.com', channel: 'call', outcome: 'no_answer' } },
  { tool: 'list_handoffs', input: { response_format: 'detailed' } },
  { tool: 'dispose_mql', input: { handoff: 'bob@acme.com', decision: 'reject', code: 'FIT-02' } },
  { tool: 'find_plays', input: { record: DOMAIN } },
  { tool: 'audit_playbook', input: {} },
  { tool: 'review_handoffs', input: { period: '2026-W09', response_format: 'detailed' } },
  { tool: 'get_attribution', input: { period: '2026-02', by: 'source', compare: ['all'], response_format: 'detailed' } },
  { tool: 'freeze_review', input: { kind: 'weekly', period: '2026-W09' } },
  { tool: 'analyze_icp_refresh', input: { period: '2025-Q4', response_format: 'detailed' } },
  { tool: 'review_performance', input: { period: '2026-02', response_format: 'detailed' } },
  // no segment is rejected more than the rest of nobody
  { tool: 'decide_segment_rule', input: { rule: derivedId('segment_rule', 'none'), decision: 'accept' }, isRefused: true },
  { tool: 'get_score', input: { record: DOMAIN } },
  { tool: 'get_account', input: { account: DOMAIN, response_format: 'detailed' } },
  { tool: 'get_account_heat', input: { account: DOMAIN } },
  { tool: 'verify_score', input: (answers) => ({ receipt: member(answers.get('get_score'), 'receipt') }) },
  { tool: 'simulate_rubric', input: (answers) => ({ rubric: member(answers.get('get_definition'), 'document') }) },
];

export function inputOfCall({ input }: ExampleCall, answers: Answers): Input {
  return typeof input === 'function' ? input(answers) : input;
}

function member(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}
