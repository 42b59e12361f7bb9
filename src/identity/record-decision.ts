import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { placeDecided } from '../records/place-decided.ts';
import { settleSuppressed, settleSuppressedDomain } from '../records/settle-suppressed.ts';
import { appendDecisions, type NewDecision } from './append-decisions.ts';
import { type Decider, type DecisionKind, decider, type IdentityKind, identityKind, recordId } from './decision.ts';
import { loadNodes } from './load-nodes.ts';
import { decisionsAbout, decisionsByIds, type LoggedDecision } from './read-decisions.ts';
import { saysMore } from './tell-decision.ts';

const pair = z.tuple([recordId, recordId]);
const identifier = z.strictObject({ kind: z.string().trim().min(1).max(50), value: z.string().trim().min(1).max(500) });

export const recordDecisionInput = z.strictObject({
  kind: identityKind,
  decision: decider,
  say: z.discriminatedUnion('verb', [
    z.strictObject({ verb: z.enum(['must_link', 'cannot_link', 'related']), nodes: pair }),
    z.strictObject({ verb: z.enum(['suppressed', 'unsuppressed']), identifier }),
    z.strictObject({ verb: z.literal('withdrawn'), decision: recordId.describe('a decision that is not a merge') }),
  ]),
});
type Say = z.output<typeof recordDecisionInput>['say'];

export interface RecordedDecision {
  /** What it is about; of a withdrawal, what the decision was about that it takes back. */
  kind: DecisionKind;
  /** The new decision, or the one in force that says the same. */
  decision: string;
  /** Decisions that it took back: those that say the opposite of the same two, or the same without this reason. */
  withdrew: string[];
}

/**
 * Notes what is decided about a pair or an identifier: it binds the matchers and every later merge, and changes no record by itself, but for
 * the events of a device, people at the domain of an account, and a lead whose account is no longer decided on. The opposite of the same pair is taken back. What is in force
 * already is not noted again, but for a person's word or reason that is not in it.
 * @throws SamepageError `not_found`; `conflict` for `cannot_link` of two that count as one: unmerge them first.
 */
export async function recordDecision(ctx: Context, given: z.input<typeof recordDecisionInput>): Promise<RecordedDecision> {
  requireScope(ctx, 'write');
  const { kind, decision: why, say } = parseInput(recordDecisionInput, given, 'record_decision');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const plan = await planned(tx, ctx, kind, say, why);
    const of = plan.kind ?? kind;
    const noted = await note(tx, ctx, of, plan, why, recordedAt);
    if (plan.inForce !== undefined) return { kind: of, ...noted };
    if (of === 'lead') await placeDecided(tx, ctx, plan.decision.sides[0], recordedAt);
    if ('identifier' in say && say.identifier.kind === 'device') await settleSuppressed(tx, ctx, say.identifier.value, recordedAt);
    if ('identifier' in say && say.identifier.kind === 'domain' && of === 'account')
      await settleSuppressedDomain(tx, ctx, say.identifier.value, recordedAt);
    await audit(tx, ctx, 'record_decision', `${kind} ${say.verb}, decision ${noted.decision}`);
    return { kind: of, ...noted };
  });
}

/** Notes that two nodes that count as one are, inside a transaction of `recordInWorkspace`: it binds whoever would take them apart. */
export async function noteMustLink(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  { nodes, decider }: { nodes: readonly [string, string]; decider: Decider },
  recordedAt: Date,
): Promise<Omit<RecordedDecision, 'kind'>> {
  return note(tx, ctx, kind, await planPair(tx, ctx, kind, { verb: 'must_link', nodes }, decider), decider, recordedAt);
}

async function note(
  tx: Tx,
  ctx: Context,
  kind: DecisionKind,
  { decision: said, inForce, replaced }: Plan,
  decider: Decider,
  recordedAt: Date,
): Promise<Omit<RecordedDecision, 'kind'>> {
  if (inForce !== undefined) return { decision: inForce, withdrew: [] };
  const withdrawals = replaced.map(({ id, sides }): NewDecision => ({ verb: 'withdrawn', decider, sides, undoes: id }));
  const [decision = ''] = (await appendDecisions(tx, ctx, kind, [...withdrawals, { ...said, decider }], recordedAt)).slice(-1);
  return { decision, withdrew: replaced.map(({ id }) => id) };
}

interface Plan {
  /** Of a withdrawal: what it is about, whatever the caller took it for. */
  kind?: DecisionKind;
  decision: Omit<NewDecision, 'decider'>;
  inForce?: string | undefined;
  /** What is taken back with it: the opposite of the same two, or the same with less to say for it. */
  replaced: LoggedDecision[];
}

function planned(tx: Tx, ctx: Context, kind: IdentityKind, say: Say, decider: Decider): Promise<Plan> {
  if ('nodes' in say) return planPair(tx, ctx, kind, say, decider);
  return 'identifier' in say ? planIdentifier(tx, ctx, kind, say, decider) : planWithdrawal(tx, ctx, say.decision);
}

const OPPOSITE = { must_link: ['cannot_link', 'related'], cannot_link: ['must_link'], related: ['must_link'] } as const;

async function planPair(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  { verb, nodes: [left, right] }: { verb: keyof typeof OPPOSITE; nodes: readonly [string, string] },
  decider: Decider,
): Promise<Plan> {
  if (left === right) throw new SamepageError('invalid_input', 'A decision is about two nodes; both are the same.', 'Name two.');
  const nodes = await loadNodes(tx, ctx, kind, [left, right]);
  const isOne = new Set(nodes.map((node) => node.entityId)).size === 1;
  if (isOne && verb !== 'must_link') {
    throw new SamepageError(
      'conflict',
      `The two count as one ${kind} today.`,
      'Unmerge them first, as with unmerge_record: that keeps them apart as well.',
    );
  }
  const about = await decisionsAbout(tx, ctx, kind, [left, right], [verb, ...OPPOSITE[verb]]);
  const ofPair = about.filter(
    ({ undoneBy, sides }) =>
      undoneBy === null && sides.every((side) => side.length === 1) && [left, right].every((node) => sides.flat().includes(node)),
  );
  return {
    decision: { verb, sides: [[left], [right]] },
    inForce: ofPair.find((one) => one.verb === verb && !saysMore(decider, one))?.id,
    replaced: ofPair,
  };
}

const stateRows = z.array(
  z
    .object({ id: z.string(), verb: z.string(), decided_by: z.enum(['person', 'model']), evidence: z.unknown() })
    .transform(({ decided_by, ...row }) => ({ ...row, decidedBy: decided_by })),
);

async function planIdentifier(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  { verb, identifier: given }: Extract<Say, { identifier: unknown }>,
  decider: Decider,
): Promise<Plan> {
  const params = new SqlParams();
  const [latest] = stateRows.parse(
    await tx.query(
      `select id::text, verb, decided_by, evidence from identity_decision where workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(kind)}
         and identifier_kind = ${params.add(given.kind)} and identifier = ${params.add(given.value)} order by recorded_at desc, ordinal desc limit 1`,
      params.values,
    ),
  );
  const inForce = latest?.verb === verb && !saysMore(decider, latest) ? latest.id : undefined;
  return { decision: { verb, sides: [[], []], identifier: given }, inForce, replaced: [] };
}

async function planWithdrawal(tx: Tx, ctx: Context, id: string): Promise<Plan> {
  const [found] = await decisionsByIds(tx, ctx, [id]);
  const reason =
    found === undefined
      ? 'is no decision of this workspace'
      : found.undoneBy !== null
        ? 'was taken back already'
        : ['must_link', 'cannot_link', 'related'].includes(found.verb)
          ? undefined
          : `is a decision "${found.verb}", which is not taken back so`;
  if (found === undefined || reason !== undefined) {
    const code = found === undefined ? 'not_found' : 'conflict';
    throw new SamepageError(
      code,
      `${shown(id)} ${reason ?? ''}.`,
      'Name a decision of no_match or related, or one about a lead and its account; unmerge_record takes back a merge, and allow_identifier a suppression.',
    );
  }
  return { kind: found.kind, decision: { verb: 'withdrawn', sides: found.sides, undoes: id }, replaced: [] };
}
