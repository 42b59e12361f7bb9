import { z } from 'zod';
import { audit, readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { derivedId } from '../kernel/ids.ts';
import { type Doubt, type PlannedNote, planSegmentRules, type StandingRule } from './core/plan-segment-rules.ts';
import { type RuleNote, ruleAfter } from './core/segment-rule-moves.ts';
import { rejectedMore } from './core/segment-tests.ts';
import { segmentLabel, segmentWhen } from './core/segments.ts';
import { countSegments, type Span } from './count-segments.ts';
import { readEffect } from './read-effect.ts';
import { readSegmentRules, type SegmentRule } from './segment-rule.ts';
import { type MovedRule, writeSegmentRules } from './write-segment-rules.ts';

const DAY = 86_400_000;
/** The time whose rejections are compared: a quarter. */
const WINDOW_DAYS = 90;
/** Each comparison may be wrong by chance, so there is one a week. */
const PACE_DAYS = 7;
/** More proposals than people read; the surest are taken, the others are found again. */
const MOST_PROPOSED = 20;

const DOUBTS: Readonly<Record<Doubt, string>> = {
  no_longer: 'its leads are not rejected so much more often any more',
  untested: 'too few of its leads were handed off in half a year to tell whether it still holds',
  undeclared: 'the taxonomy in use has no such code with a rule, or no such side, any more',
};

export interface ProposedRules {
  /** False: the last comparison is less than a week old, so nothing was compared. */
  compared: boolean;
  /** ISO 8601. */
  next: string;
  /** What changed, by rule. */
  moves: { rule: string; move: RuleNote; label: string; code: string }[];
  definitions: DefinitionRef[];
}

/**
 * Compares the rejections of the last quarter across segments, once a week, and notes what follows: rules proposed, rules of codes with `auto`
 * put in force, proposals that stopped being true, and rules in force that are proposed for removal.
 * @throws SamepageError `permission_denied`, `cancelled`
 */
export async function proposeSegmentRules(ctx: Context): Promise<ProposedRules> {
  requireScope(ctx, 'write');
  const now = ctx.now();
  const seen = await readWorkspace(ctx, async (tx) => {
    const taxonomy = await currentDefinition(tx, ctx, 'taxonomy');
    const last = await lastCompared(tx, ctx);
    const answer = { definitions: [refOf(taxonomy)], moves: [] };
    if (last !== null && now.getTime() < last + PACE_DAYS * DAY) return { due: false as const, last, answer };
    return { due: true as const, answer, ...(await compare(tx, ctx, { taxonomy: taxonomy.document, now })) };
  });
  const next = new Date((seen.due ? now.getTime() : seen.last) + PACE_DAYS * DAY).toISOString();
  if (!seen.due) return { ...seen.answer, compared: false, next };
  const { planned, comparison, answer } = seen;
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const last = await lastCompared(tx, ctx);
    // somebody else did it meanwhile
    if (last !== null && now.getTime() < last + PACE_DAYS * DAY) return { ...answer, compared: false, next };
    const standing = new Map((await readSegmentRules(tx, ctx)).map((rule) => [rule.id, rule]));
    const moved = planned.flatMap(({ move, ...rule }): MovedRule[] => {
      const before = standing.get(rule.id);
      const state = ruleAfter(before?.state ?? null, move);
      return state === undefined ? [] : [{ ...rule, move, state, ordinal: before === undefined ? 0 : before.ordinal + 1 }];
    });
    await tx.query(
      `insert into segment_comparison (workspace_id, recorded_at, decided, compared, too_few, found)
       values ($1, $2::timestamptz, $3::int, $4::int, $5::int, $6::int)`,
      [ctx.workspaceId, now.toISOString(), comparison.decided, comparison.compared, comparison.too_few, comparison.found],
    );
    if (moved.length > 0) await writeSegmentRules(tx, ctx, moved, { by: 'job', recordedAt });
    await audit(
      tx,
      ctx,
      'propose_segment_rules',
      `${comparison.compared} compared, ${moved.map(({ id, move }) => `${move} ${id}`).join(', ')}`,
    );
    return {
      ...answer,
      compared: true,
      next,
      moves: moved.map(({ id, move, label, code }) => ({ rule: id, move: move as RuleNote, label, code })),
    };
  });
}

type Planned = Omit<MovedRule, 'state' | 'ordinal' | 'move'> & { move: RuleNote };

async function compare(tx: Tx, ctx: Context, { taxonomy, now }: { taxonomy: Taxonomy; now: Date }) {
  const span = { from: new Date(now.getTime() - WINDOW_DAYS * DAY), to: now };
  const sides = taxonomy.compare_by ?? [];
  const codes = taxonomy.rejection_codes.filter(({ segment_rule }) => segment_rule !== undefined);
  const { decided, counts } = await countSegments(tx, ctx, { sides, codes, span });
  const { findings, compared, too_few } = rejectedMore(counts);
  const rules = await readSegmentRules(tx, ctx);
  const notes = planSegmentRules(rules.map(standingOf), {
    findings,
    counts,
    codes: taxonomy.rejection_codes,
    sides: sides.map(({ id }) => id),
    now: now.getTime(),
  });
  const planned: Planned[] = [];
  for (const note of notes.filter(isProposal).slice(0, MOST_PROPOSED)) {
    const proposal = await proposalOf(tx, ctx, note, { taxonomy, span, compared });
    if (proposal !== undefined) planned.push(proposal);
  }
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (const note of notes) {
    const rule = 'rule' in note ? byId.get(note.rule.id) : undefined;
    if (rule === undefined || !('rule' in note)) continue;
    planned.push({ ...rule, move: note.note, why: note.note === 'doubt' ? DOUBTS[note.why] : null });
  }
  return { planned, comparison: { decided, compared, too_few, found: findings.length } };
}

type Proposal = Extract<PlannedNote, { finding: unknown }>;
const isProposal = (note: PlannedNote): note is Proposal => 'finding' in note;

async function proposalOf(
  tx: Tx,
  ctx: Context,
  { note, finding, action }: Proposal,
  { taxonomy, span, compared }: { taxonomy: Taxonomy; span: Span; compared: number },
): Promise<Planned | undefined> {
  const { code, segment, decided, rejected, rest, p, q, difference } = finding;
  const side = taxonomy.compare_by?.find(({ id }) => id === finding.side);
  if (side === undefined) return undefined;
  const { effect, not } = await readEffect(tx, ctx, { side, segment, code, span });
  const [from, to] = [span.from.toISOString(), span.to.toISOString()];
  return {
    id: derivedId('segment_rule', ctx.workspaceId, code, side.id, segment === null ? 'unknown' : `is ${segment}`),
    code,
    side: side.id,
    segment,
    label: segmentLabel(side, segment),
    action,
    condition: segmentWhen(side, segment, taxonomy.fields),
    evidence: { from, to, segment: { decided, rejected }, rest, p, q, compared, difference, effect, not },
    move: note,
    why: null,
  };
}

function standingOf({ changed_at, changed_by, evidence, ...rule }: SegmentRule): StandingRule {
  return { ...rule, changed_at: changed_at.getTime(), by_person: changed_by === 'person', points: evidence.difference.points };
}

const lastRow = z.tuple([z.object({ last: z.coerce.date().nullable() })]);

async function lastCompared(tx: Tx, ctx: Context): Promise<number | null> {
  const rows = await tx.query('select max(recorded_at) as last from segment_comparison where workspace_id = $1', [ctx.workspaceId]);
  const [{ last }] = lastRow.parse(rows);
  return last?.getTime() ?? null;
}
