import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { ACCOUNT_RULES } from './core/account-decision.ts';
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
  model: string;
  sentence: string;
  /** The whole decision, as `match_lead` gave it then. */
  evidence: unknown;
}

const told = z.looseObject({ p: z.number(), margin: z.number().nullable(), sentence: z.string() });
const rows = z.array(
  z
    .object({
      person_id: z.string(),
      recorded_at: z.coerce.date(),
      account_id: z.string().nullable(),
      decision: z.enum(['match', 'review', 'none']),
      rule: z.enum(ACCOUNT_RULES),
      model: z.string(),
      evidence: told,
    })
    .transform(({ person_id, recorded_at, account_id, evidence, ...row }): LeadMatch => {
      const { p, margin, sentence } = evidence;
      return { ...row, person: person_id, decidedAt: recorded_at.toISOString(), account: account_id, p, margin, sentence, evidence };
    }),
);

/** The decision in force about a person: the latest about one of the nodes; null where there is none. */
export async function latestLeadMatch(tx: Tx, ctx: Context, nodes: readonly string[]): Promise<LeadMatch | null> {
  const params = new SqlParams();
  const [row] = rows.parse(
    await tx.query(
      `select person_id::text, recorded_at, account_id::text, decision, rule, model, evidence from lead_match
       where workspace_id = ${params.add(ctx.workspaceId)} and person_id = any(${params.uuids(nodes)}) order by recorded_at desc, person_id limit 1`,
      params.values,
    ),
  );
  return row ?? null;
}

/** Keeps what was decided of a person who came in. @returns it, as it is read later */
export async function keepLeadMatch(tx: Tx, ctx: Context, person: string, matched: MatchedAccount, recordedAt: Date): Promise<LeadMatch> {
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
      JSON.stringify(matched),
    ],
  );
  const { decision, rule, entity, p, margin, model, sentence } = matched;
  return { person, decidedAt: recordedAt.toISOString(), decision, rule, account: entity, p, margin, model, sentence, evidence: matched };
}
