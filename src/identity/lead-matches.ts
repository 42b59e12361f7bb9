import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { ACCOUNT_RULES } from './core/account-decision.ts';
import { A_PERSON, decidedByVerdict, type LeadVerdict, type LeadVerdicts, verdictSentence } from './core/lead-verdict.ts';
import type { MatchedAccount } from './match-account.ts';

/** To which account a lead was found to belong as it came in: what routing, reports and attribution go by. */
export interface LeadMatch {
  /** The person's node. */
  person: string;
  decidedAt: string;
  decision: MatchedAccount['decision'];
  rule: MatchedAccount['rule'];
  /** The account, or of a review the one that it would be; null for none. */
  account: string | null;
  p: number;
  margin: number | null;
  /** The account that was next, as of then. */
  runnerUp: { entity: string; bits: number } | null;
  /** What would have changed the decision; empty where nothing is told of that. */
  counterfactual: string;
  model: string;
  sentence: string;
  /** The whole decision, as `match_lead` gave it then. */
  evidence: unknown;
}

/** A decision as the matcher made it. */
export interface KeptMatch extends LeadMatch {
  /** What the account counts as today. */
  accountEntity: string | null;
  /** Verdicts by which other accounts were left out. */
  heeded: readonly string[];
}

const told = z.looseObject({
  p: z.number(),
  margin: z.number().nullable(),
  runner_up: z.object({ entity: z.string(), bits: z.number() }).nullable(),
  counterfactual: z.string(),
  sentence: z.string(),
  heeded: z.array(z.string()).default([]),
});
const rows = z.array(
  z
    .object({
      person_id: z.string(),
      recorded_at: z.coerce.date(),
      account_id: z.string().nullable(),
      account_entity: z.string().nullable(),
      decision: z.enum(['match', 'review', 'none']),
      rule: z.enum(ACCOUNT_RULES),
      model: z.string(),
      evidence: told,
    })
    .transform(({ person_id, recorded_at, account_id, account_entity, evidence: { heeded, ...evidence }, ...row }): KeptMatch => {
      const { p, margin, runner_up: runnerUp, counterfactual, sentence } = evidence;
      const shown = { account: account_id, p, margin, runnerUp, counterfactual, sentence, evidence };
      return { ...row, ...shown, person: person_id, decidedAt: recorded_at.toISOString(), accountEntity: account_entity, heeded };
    }),
);

/** Earlier ones are looked at only where later ones rest on what was taken back. */
const MOST_LOOKED_AT = 20;

/** What the matcher decided about the nodes of a person as they came in, latest first. */
export async function keptMatches(tx: Tx, ctx: Context, nodes: readonly string[]): Promise<KeptMatch[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  return rows.parse(
    await tx.query(
      `select m.person_id::text, m.recorded_at, m.account_id::text, coalesce(a.merged_into, m.account_id)::text as account_entity, m.decision, m.rule,
         m.model, m.evidence
       from lead_match m left join account a on a.workspace_id = ${ws} and a.id = m.account_id
       where m.workspace_id = ${ws} and m.person_id = any(${params.uuids(nodes)}) order by m.recorded_at desc, m.person_id limit ${MOST_LOOKED_AT}`,
      params.values,
    ),
  );
}

/**
 * The decision in force about a person: a person's, else the matcher's latest that goes against no verdict and rests on none that was
 * taken back; null where there is none.
 */
export function matchInForce(kept: readonly KeptMatch[], { all, belongs, ruledOut }: LeadVerdicts): LeadMatch | null {
  if (belongs !== null) return ofVerdict(belongs);
  const inForce = new Set(all.map(({ decision }) => decision));
  const latest = kept.find(({ heeded }) => heeded.every((one) => inForce.has(one)));
  if (latest === undefined) return null;
  const against = ruledOut.get(latest.accountEntity ?? '');
  const { accountEntity: _, heeded: __, ...match } = latest;
  return against === undefined ? match : ofVerdict(against);
}

/** A verdict as the decision about a lead. */
export function ofVerdict(verdict: LeadVerdict): LeadMatch {
  const { person, decidedAt, verb } = verdict;
  const sentence = verdictSentence(verdict);
  if (verb !== 'must_link') {
    const none = {
      decision: 'none' as const,
      rule: 'decision' as const,
      account: null,
      p: 0,
      margin: null,
      runnerUp: null,
      counterfactual: '',
    };
    return { person, decidedAt, ...none, model: A_PERSON, sentence, evidence: { sentence } };
  }
  const { decision, rule, entity, p, margin, model, ...rest } = decidedByVerdict(verdict);
  const evidence = { decision, rule, entity, p, margin, model, ...rest, sentence };
  const { runner_up: runnerUp, counterfactual } = rest;
  return { person, decidedAt, decision, rule, account: entity, p, margin, runnerUp, counterfactual, model, sentence, evidence };
}

/**
 * Keeps what the matcher decided of a person who came in. @returns it, as it is read later
 * @param options.heeded verdicts by which other accounts were left out
 * @param options.knownAt where it was found in an earlier snapshot: the knowledge clock of that
 */
export async function keepLeadMatch(
  tx: Tx,
  ctx: Context,
  person: string,
  matched: MatchedAccount,
  { recordedAt, heeded, knownAt }: { recordedAt: Date; heeded: readonly string[]; knownAt?: string },
): Promise<LeadMatch> {
  await tx.query(
    `insert into lead_match (workspace_id, person_id, recorded_at, account_id, decision, rule, model, evidence)
     values ($1, $2::uuid, $3::timestamptz, $4::uuid, $5, $6, $7, $8::text::jsonb)`,
    [
      ctx.workspaceId,
      person,
      recordedAt.toISOString(),
      matched.entity,
      matched.decision,
      matched.rule,
      matched.model,
      JSON.stringify({ ...matched, ...(heeded.length > 0 && { heeded }), ...(knownAt !== undefined && { known_at: knownAt }) }),
    ],
  );
  const { decision, rule, entity: account, p, margin, runner_up: runnerUp, counterfactual, model, sentence } = matched;
  const shown = { decision, rule, account, p, margin, runnerUp, counterfactual, model, sentence, evidence: matched };
  return { person, decidedAt: recordedAt.toISOString(), ...shown };
}
