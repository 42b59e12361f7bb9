import { z } from 'zod';
import { audit, readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition, type DefinitionRef, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { IDENTIFIER_KINDS, identifierValue } from './core/identifier-value.ts';
import { decideLead } from './decide-lead.ts';
import { type Decider, type DecisionKind, decisionKind, type IdentityKind, sideKinds } from './decision.ts';
import { findNode } from './find-node.ts';
import { heldApart } from './held-apart-error.ts';
import { loadNodes } from './load-nodes.ts';
import { mergeNodes } from './merge-nodes.ts';
import { phoneHome } from './phone-home.ts';
import { decisionsAbout, decisionsByIds } from './read-decisions.ts';
import { noteMustLink, recordDecision, type recordDecisionInput } from './record-decision.ts';
import { reasonOf, saysMore } from './tell-decision.ts';

const OF_LEADS = { match: 'must_link', no_match: 'cannot_link', related: 'related' } as const;
const isAboutTwo = (verdict: string): verdict is keyof typeof OF_LEADS => Object.hasOwn(OF_LEADS, verdict);

export const decideMatchInput = z
  .strictObject({
    kind: decisionKind.default('person').describe('lead: records are a person, then the account'),
    verdict: z.enum(['match', 'no_match', 'related', 'suppress_identifier', 'allow_identifier', 'withdraw']),
    records: z.array(z.string().trim().min(1).max(300)).length(2).optional().describe('two: each an id, e-mail, domain or exact name'),
    identifier: z
      .strictObject({ kind: z.enum(IDENTIFIER_KINDS), value: z.string().trim().min(1).max(500) })
      .optional()
      .describe('one that tells nobody apart: a switchboard; a device (anonymous_id) that many use'),
    decision: z.uuid().toLowerCase().optional().describe('of withdraw: the decision to take back'),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .superRefine((input, check) => {
    const needed = isAboutTwo(input.verdict) ? 'records' : input.verdict === 'withdraw' ? 'decision' : 'identifier';
    for (const field of ['records', 'identifier', 'decision'] as const) {
      if ((input[field] !== undefined) === (field === needed)) continue;
      const message = field === needed ? `${input.verdict} needs it` : `${input.verdict} is about ${needed}; leave it out`;
      check.addIssue({ code: 'custom', path: [field], message, input: input[field] });
    }
    if (input.verdict === 'related' && input.kind === 'person')
      check.addIssue({ code: 'custom', path: ['kind'], message: 'related is of accounts: a subsidiary, a brand', input: input.kind });
    if (input.identifier !== undefined && (input.kind === 'lead' || (input.kind === 'account' && input.identifier.kind === 'device')))
      check.addIssue({
        code: 'custom',
        path: ['kind'],
        message: `an identifier of this kind is not one of a ${input.kind}`,
        input: input.kind,
      });
  });
type Input = z.output<typeof decideMatchInput>;
type Say = z.input<typeof recordDecisionInput>['say'];

export interface DecidedMatch {
  kind: DecisionKind;
  verdict: Input['verdict'];
  /** The decision, or the one in force that says the same. */
  decision: string;
  /** Decisions that it took back. */
  withdrew: string[];
  /** The nodes that it is about. */
  records: string[];
  /** Of a match: whom both count as; of a lead's, the account. */
  entity: string | null;
  /** Of a match of two: the merge by which they are one, which may have been made before. */
  merge: string | null;
  /** The identifier as it is compared. */
  identifier: { kind: string; value: string } | null;
  definitions: DefinitionRef[];
}

/**
 * What a person decides about two records or an identifier. It outranks every model, and is refused where it contradicts what a person
 * decided before: that one has to be withdrawn first.
 * @throws SamepageError `not_found`, `ambiguous`, `invalid_input`; `conflict` with the decision that stands against it
 */
export async function decideMatch(ctx: Context, given: z.input<typeof decideMatchInput>): Promise<DecidedMatch> {
  requireScope(ctx, 'write');
  const input = parseInput(decideMatchInput, given, 'decide_match');
  const { kind, verdict } = input;
  const decision = { by: 'person' as const, ...(input.reason !== undefined && { evidence: { reason: input.reason } }) };
  const names = input.records ?? [];
  const records = await readWorkspace(ctx, async (tx) => {
    const nodes: string[] = [];
    for (const [i, name] of names.entries()) nodes.push(await findNode(tx, ctx, sideKinds(kind)[i] ?? 'person', name));
    return nodes;
  });
  const answer = { kind, verdict, records, entity: null, merge: null, identifier: null, definitions: [] };
  if (kind === 'lead' && isAboutTwo(verdict)) {
    const [person = '', account = ''] = records;
    return { ...answer, ...(await decideLead(ctx, { person, account, verb: OF_LEADS[verdict], decider: decision })) };
  }
  const of = kind === 'lead' ? 'person' : kind;
  if (verdict === 'match') return { ...answer, ...(await match(ctx, of, records, decision)) };
  const home = input.identifier?.kind === 'phone' ? await readWorkspace(ctx, (tx) => phoneHome(tx, ctx)) : null;
  const [say, identifier] = saying(input, records, home);
  return { ...answer, identifier, ...(await recordDecision(ctx, { kind: of, decision, say })) };
}

function saying(
  { verdict, identifier, decision = '' }: Input,
  [left = '', right = '']: readonly string[],
  home: string | null,
): [Say, DecidedMatch['identifier']] {
  if (verdict === 'no_match') return [{ verb: 'cannot_link', nodes: [left, right] }, null];
  if (verdict === 'related') return [{ verb: 'related', nodes: [left, right] }, null];
  if (verdict === 'withdraw' || identifier === undefined) return [{ verb: 'withdrawn', decision }, null];
  const value = identifierValue(identifier.kind, identifier.value, home);
  if (value === null) {
    const reason = `is no ${identifier.kind === 'email' ? 'e-mail address' : identifier.kind}`;
    throw new SamepageError('invalid_input', `identifier.value ${reason}: ${shown(identifier.value)}.`, 'Give it as the records have it.', {
      problems: [{ path: 'identifier.value', value: shown(identifier.value), reason }],
    });
  }
  const compared = { kind: identifier.kind, value };
  return [{ verb: verdict === 'suppress_identifier' ? 'suppressed' : 'unsuppressed', identifier: compared }, compared];
}

async function match(ctx: Context, kind: IdentityKind, nodes: readonly string[], decider: Decider) {
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const against = await standingAgainst(tx, ctx, kind, nodes);
    const persons = against.find(({ decidedBy }) => decidedBy === 'person');
    if (persons !== undefined) {
      const { id, verb, actor, recordedAt: at } = persons;
      throw heldApart(kind, { decision: id, verb, actor, decidedAt: at.toISOString(), reason: reasonOf(persons) });
    }
    const [outcome] = await mergeNodes(tx, ctx, kind, [{ nodes, decider }], recordedAt);
    const merge = outcome?.decision ?? '';
    const own = outcome?.isNew === true ? undefined : await ownWord(tx, ctx, kind, { nodes, decider, merge }, recordedAt);
    const { decision, withdrew } = own ?? { decision: merge, withdrew: against.map(({ id }) => id) };
    await audit(tx, ctx, 'decide_match', `${kind} match, decision ${decision}`);
    const definitions = [refOf(await currentDefinition(tx, ctx, 'taxonomy'))];
    return { decision, merge, entity: outcome?.entity ?? null, withdrew, definitions };
  });
}

/** What a person says of two that a merge made one before: undefined where that merge says it already. */
async function ownWord(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  { nodes: [left = '', right = ''], decider, merge }: { nodes: readonly string[]; decider: Decider; merge: string },
  recordedAt: Date,
): Promise<{ decision: string; withdrew: string[] } | undefined> {
  const [made] = await decisionsByIds(tx, ctx, [merge]);
  if (made !== undefined && !saysMore(decider, made)) return undefined;
  return noteMustLink(tx, ctx, kind, { nodes: [left, right], decider }, recordedAt);
}

/** The decisions in force that what the two count as today is not one. @throws SamepageError when both are the same */
async function standingAgainst(tx: Tx, ctx: Context, kind: IdentityKind, [left = '', right = '']: readonly string[]) {
  if (left === right)
    throw new SamepageError('invalid_input', `Both records are the same ${kind}.`, 'Name two.', {
      problems: [{ path: 'records', reason: 'are one and the same record' }],
    });
  const nodes = await loadNodes(tx, ctx, kind, [left, right]);
  const entity = new Map(nodes.map(({ id, entityId }) => [id, entityId]));
  const [one, other] = [entity.get(left), entity.get(right)];
  const ids = nodes.map(({ id }) => id);
  const logged = await decisionsAbout(tx, ctx, kind, ids, ['cannot_link', 'related']);
  return logged.filter(({ undoneBy, sides: [a, b] }) => {
    const has = (side: readonly string[], of: string | undefined) => side.some((id) => entity.get(id) === of);
    return undoneBy === null && ((has(a, one) && has(b, other)) || (has(a, other) && has(b, one)));
  });
}
