import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { PairExplanation } from './core/explain.ts';
import { jointStake, MOST_EVENTS, NO_STAKE, type ReviewReason, reviewValue, type Stake } from './core/review-value.ts';
import { type DecisionKind, type IdentityKind, sideKinds } from './decision.ts';

/** Two nodes that a matcher leaves to a person; of a lead and its account, the person's first. */
export interface FoundReview {
  left: string;
  right: string;
  reason: ReviewReason;
  explained: PairExplanation;
  /** Where the evidence alone does not say it. */
  sentence?: string;
}

/**
 * Keeps pairs of nodes for `list_match_reviews`, with what hangs on them today. A pair that is there already is superseded, unless what
 * is there was found in later facts.
 * @param knownAt the knowledge clock of the facts in which they were found
 */
export async function noteReviews(tx: Tx, ctx: Context, kind: DecisionKind, found: readonly FoundReview[], knownAt: Date): Promise<void> {
  if (found.length === 0) return;
  const stakes = await stakesOfPairs(tx, ctx, kind, found);
  const pairs = found.map(({ left, right, reason, explained, sentence }) => {
    const stake = jointStake(stakes.get(left) ?? NO_STAKE, stakes.get(right) ?? NO_STAKE);
    const isInOrder = kind === 'lead' || left < right;
    const [lesser, greater] = isInOrder ? [left, right] : [right, left];
    const { model, prior, bits, p } = explained;
    const evidence = isInOrder ? explained.evidence : explained.evidence.map((one) => ({ ...one, left: one.right, right: one.left }));
    return {
      lesser,
      greater,
      reason,
      model,
      bits: Math.round(bits * 100),
      stake,
      value: reviewValue(stake, bits),
      evidence: { prior, evidence, bits, p, ...(sentence !== undefined && { sentence }) },
    };
  });
  // two runs at once take the rows in one order
  const rows = pairs.sort((a, b) => (`${a.lesser}${a.greater}` < `${b.lesser}${b.greater}` ? -1 : 1));
  const params = new SqlParams();
  const text = (of: (row: (typeof rows)[number]) => unknown) => rows.map((row) => String(of(row)));
  await tx.query(
    `insert into match_review (workspace_id, kind, left_id, right_id, known_at, reason, model, bits, value, stake, evidence)
     select ${params.add(ctx.workspaceId)}, ${params.add(kind)}, r.left_id, r.right_id, ${params.add(knownAt.toISOString())}::timestamptz, r.reason, r.model,
       r.bits, r.value, r.stake, r.evidence
     from ${params.rows('r', {
       left_id: ['uuid', text(({ lesser }) => lesser)],
       right_id: ['uuid', text(({ greater }) => greater)],
       reason: ['text', text(({ reason }) => reason)],
       model: ['text', text(({ model }) => model)],
       bits: ['int', text(({ bits }) => bits)],
       value: ['int', text(({ value }) => value)],
       stake: ['jsonb', text(({ stake }) => JSON.stringify(stake))],
       evidence: ['jsonb', text(({ evidence }) => JSON.stringify(evidence))],
     })}
     on conflict (workspace_id, kind, left_id, right_id) do update set known_at = excluded.known_at, reason = excluded.reason, model = excluded.model,
       bits = excluded.bits, value = excluded.value, stake = excluded.stake, evidence = excluded.evidence
     where match_review.known_at <= excluded.known_at`,
    params.values,
  );
}

/** Ends the reviews of a kind that were found in earlier facts than these and not again. */
export async function endUnfound(tx: Tx, ctx: Context, kind: IdentityKind, knownAt: Date): Promise<void> {
  await tx.query('delete from match_review where workspace_id = $1 and kind = $2 and known_at < $3::timestamptz', [
    ctx.workspaceId,
    kind,
    knownAt.toISOString(),
  ]);
}

const stakeRows = z.array(
  z.object({ node_id: z.string(), account_id: z.string().nullable(), open: z.number(), customer: z.boolean(), events: z.number() }),
);

async function stakesOfPairs(tx: Tx, ctx: Context, kind: DecisionKind, found: readonly FoundReview[]): Promise<Map<string, Stake>> {
  const [left, right] = sideKinds(kind);
  const [lefts, rights] = [found.map((one) => one.left), found.map((one) => one.right)];
  if (left === right) return stakesOf(tx, ctx, left, [...new Set([...lefts, ...rights])]);
  return new Map([...(await stakesOf(tx, ctx, left, lefts)), ...(await stakesOf(tx, ctx, right, rights))]);
}

/** What hangs on the entities of nodes. */
export async function stakesOf(tx: Tx, ctx: Context, kind: IdentityKind, nodes: readonly string[]): Promise<Map<string, Stake>> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const isCustomer = (fields: string) => `${fields}->>'type' = 'customer' or ${fields}->>'lifecycle_stage' = 'closed_won'`;
  const [account, own] = kind === 'account' ? ['e.id', 'false'] : ['e.account_id', isCustomer('e.fields')];
  const text = `select n.id::text as node_id, ${account}::text as account_id, coalesce(${own} or ${isCustomer('a.fields')}, false) as customer,
      (select count(*)::int from opportunity o where o.workspace_id = ${ws} and o.account_id = ${account}
       and (o.fields->>'is_closed') is distinct from 'true') as open,
      (select count(*)::int from (select 1 from event v where v.workspace_id = ${ws} and v.${kind}_id = e.id and v.superseded_at is null
       limit ${MOST_EVENTS}) counted) as events
    from unnest(${params.uuids(nodes)}) k(id)
    cross join lateral (select id, merged_into from ${kind} t where t.workspace_id = ${ws} and t.id = k.id offset 0) n
    cross join lateral (select * from ${kind} t where t.workspace_id = ${ws} and t.id = coalesce(n.merged_into, n.id) offset 0) e
    left join lateral (select fields from account t where t.workspace_id = ${ws} and t.id = ${account} offset 0) a on true`;
  return new Map(
    stakeRows
      .parse(await tx.query(text, params.values))
      .map(({ node_id, account_id, open, customer, events }) => [
        node_id,
        { accountId: account_id, openOpportunities: open, isCustomer: customer, events },
      ]),
  );
}
