import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { badCursor, cursorAt, positionOf } from '../kernel/pagination.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Evidence } from './core/explain.ts';
import { type PairStake, REVIEW_REASONS, type ReviewReason, reviewSentence } from './core/review-value.ts';
import { type DecisionKind, decisionKind, recordId, sideKinds } from './decision.ts';

export const listMatchReviewsInput = z.strictObject({
  kind: decisionKind.optional().describe('lead: which account; left out: all'),
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(500).optional(),
});

/** One of the two of a review: whom the node that was compared counts as. Of a lead the person is left and the account right. */
export interface ReviewSide {
  id: string;
  /** The node whose own values were compared. */
  node: string;
  name: string | null;
  /** Of an account its domain, of a person the e-mail address. */
  key: string | null;
}

export interface MatchReview {
  kind: DecisionKind;
  left: ReviewSide;
  right: ReviewSide;
  /** Highest first; what it is made of stands in core/review-value.ts. */
  value: number;
  stake: PairStake;
  reason: ReviewReason;
  model: string;
  prior: number;
  evidence: Evidence[];
  /** Evidence and prior together. */
  bits: number;
  p: number;
  sentence: string;
  /** When the facts were known in which it was found. */
  foundAt: string;
  /** True when something was learned of one of the two since. */
  changedSince: boolean;
}

export interface MatchReviews {
  reviews: MatchReview[];
  total: number;
  next_cursor: string | null;
}

/**
 * The pairs that the matcher leaves to a person, most valuable first: those that are two still, leads that belong to no account yet, and about
 * which nobody decided.
 */
export async function listMatchReviews(ctx: Context, given: z.input<typeof listMatchReviewsInput>): Promise<MatchReviews> {
  requireScope(ctx, 'read');
  const { kind, limit, cursor } = parseInput(listMatchReviewsInput, given, 'list_match_reviews');
  const query = { kind: kind ?? null };
  const after = afterOf(positionOf(cursor, query));
  return readWorkspace(ctx, async (tx) => {
    const kinds = kind === undefined ? decisionKind.options : [kind];
    const total = await countOpen(tx, ctx, kinds);
    const found = await openAfter(tx, ctx, kinds, limit + 1, after);
    const reviews = found.slice(0, limit);
    const last = found.length > limit ? reviews.at(-1) : undefined;
    const position = last === undefined ? null : [last.value, last.kind, last.left.node, last.right.node];
    return { reviews, total, next_cursor: position === null ? null : cursorAt(query, position) };
  });
}

const afterSchema = z.tuple([z.int(), decisionKind, recordId, recordId]);
type After = z.infer<typeof afterSchema>;

function afterOf(position: readonly unknown[] | undefined): After | undefined {
  if (position === undefined) return undefined;
  const parsed = afterSchema.safeParse(position);
  if (!parsed.success) throw badCursor();
  return parsed.data;
}

const evidenceSchema = z.object({
  prior: z.number(),
  evidence: z.array(
    z.object({
      group: z.string(),
      level: z.string(),
      label: z.string(),
      left: z.string(),
      right: z.string(),
      bits: z.number(),
      tf: z.number().optional(),
      why: z.string().optional(),
    }),
  ),
  bits: z.number(),
  p: z.number(),
  sentence: z.string().optional(),
});
const reviewRows = z.array(
  z.object({
    kind: decisionKind,
    left_id: z.string(),
    right_id: z.string(),
    left_entity: z.string(),
    right_entity: z.string(),
    left_name: z.string().nullable(),
    right_name: z.string().nullable(),
    left_key: z.string().nullable(),
    right_key: z.string().nullable(),
    value: z.number(),
    stake: z.object({ open_opportunities: z.number(), customer: z.boolean(), events: z.number() }),
    reason: z.enum(REVIEW_REASONS),
    model: z.string(),
    evidence: evidenceSchema,
    known_at: z.coerce.date(),
    changed: z.boolean(),
  }),
);
const KEY = { account: 'domain', person: 'email' } as const;

/** A SELECT of the open reviews; of two that several pairs tell of, the strongest stands for all. */
function openSql(ws: string, kinds: readonly DecisionKind[]): string {
  const isUndone = `exists (select 1 from identity_decision u where u.workspace_id = ${ws} and u.undoes = r.decision)`;
  const open = (kind: DecisionKind) => {
    const [left, right] = sideKinds(kind);
    // who belongs to an account is asked of nobody
    const isTwo = kind === 'lead' ? 'l.account_id is null' : 'l.id <> x.id';
    return `select r.kind, r.left_id, r.right_id, r.value, r.bits, r.known_at,
      l.id as left_entity, x.id as right_entity, l.name as left_name, x.name as right_name, l.${KEY[left]} as left_key, x.${KEY[right]} as right_key
    from match_review r
    join ${left} ln on ln.workspace_id = ${ws} and ln.id = r.left_id join ${left} l on l.workspace_id = ${ws} and l.id = coalesce(ln.merged_into, ln.id)
    join ${right} xn on xn.workspace_id = ${ws} and xn.id = r.right_id join ${right} x on x.workspace_id = ${ws} and x.id = coalesce(xn.merged_into, xn.id)
    where r.workspace_id = ${ws} and r.kind = '${kind}' and ${isTwo} and (r.decision is null or ${isUndone})`;
  };
  const two = 'kind, least(left_entity, right_entity), greatest(left_entity, right_entity)';
  return `select distinct on (${two}) * from (${kinds.map(open).join(' union all ')}) found order by ${two}, bits desc, left_id, right_id`;
}

const countRow = z.tuple([z.object({ total: z.number() })]);

async function countOpen(tx: Tx, ctx: Context, kinds: readonly DecisionKind[]): Promise<number> {
  const rows = await tx.query(`select count(*)::int as total from (${openSql('$1', kinds)}) o`, [ctx.workspaceId]);
  return countRow.parse(rows)[0].total;
}

async function openAfter(
  tx: Tx,
  ctx: Context,
  kinds: readonly DecisionKind[],
  limit: number,
  after: After | undefined,
): Promise<MatchReview[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const order = ['value', 'kind', 'left_id', 'right_id'];
  const types = ['int', 'text', 'uuid', 'uuid'];
  const beyond =
    after === undefined ? '' : `where (${order.join(', ')}) < (${after.map((key, i) => `${params.add(key)}::${types[i]}`).join(', ')})`;
  const text = `with page as materialized (
      select o.* from (${openSql(ws, kinds)}) o ${beyond} order by ${order.map((column) => `${column} desc`).join(', ')} limit ${limit}
    )
    select p.kind, p.left_id::text, p.right_id::text, p.left_entity::text, p.right_entity::text,
      p.left_name, p.right_name, p.left_key, p.right_key, p.value, r.stake, r.reason, r.model, r.evidence, p.known_at,
      exists (select 1 from observation f where f.workspace_id = ${ws} and f.entity_id in (p.left_id, p.right_id) and f.recorded_at > p.known_at) as changed
    from page p join match_review r on r.workspace_id = ${ws} and r.kind = p.kind and r.left_id = p.left_id and r.right_id = p.right_id
    order by p.value desc, p.kind desc, p.left_id desc, p.right_id desc`;
  return reviewRows.parse(await tx.query(text, params.values)).map(reviewOf);
}

function reviewOf(row: z.output<typeof reviewRows>[number]): MatchReview {
  const { kind, value, stake, reason, model } = row;
  const { prior, evidence, bits, p, sentence } = row.evidence;
  const told = evidence.map(
    ({ tf, why, ...one }): Evidence => ({ ...one, ...(tf !== undefined && { tf }), ...(why !== undefined && { why }) }),
  );
  return {
    kind,
    left: { id: row.left_entity, node: row.left_id, name: row.left_name, key: row.left_key },
    right: { id: row.right_entity, node: row.right_id, name: row.right_name, key: row.right_key },
    value,
    stake,
    reason,
    model,
    prior,
    evidence: told,
    bits,
    p,
    sentence: sentence ?? reviewSentence(reason, { model, prior, evidence: told, bits, p }),
    foundAt: row.known_at.toISOString(),
    changedSince: row.changed,
  };
}
