import { z } from 'zod';
import { audit, readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition, type DefinitionRef, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { isObject } from '../kernel/json.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { IDENTIFIER_KINDS, identifierValue } from './core/identifier-value.ts';
import { type IdentityKind, identityKind } from './decision.ts';
import { findNode } from './find-node.ts';
import { loadNodes } from './load-nodes.ts';
import { mergeNodes } from './merge-nodes.ts';
import { decisionsAbout, type LoggedDecision } from './read-decisions.ts';
import { recordDecision, type recordDecisionInput } from './record-decision.ts';

const ABOUT_TWO: ReadonlySet<string> = new Set(['match', 'no_match', 'related']);

export const decideMatchInput = z
  .strictObject({
    kind: identityKind.default('person'),
    verdict: z.enum(['match', 'no_match', 'related', 'suppress_identifier', 'allow_identifier', 'withdraw']),
    records: z.array(z.string().trim().min(1).max(300)).length(2).optional().describe('two: each an id, e-mail, domain or exact name'),
    identifier: z
      .strictObject({ kind: z.enum(IDENTIFIER_KINDS), value: z.string().trim().min(1).max(300) })
      .optional()
      .describe('one that tells nobody apart, as a switchboard'),
    decision: z.uuid().toLowerCase().optional().describe('of withdraw: the no_match or related to take back'),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .superRefine((input, check) => {
    const needed = ABOUT_TWO.has(input.verdict) ? 'records' : input.verdict === 'withdraw' ? 'decision' : 'identifier';
    for (const field of ['records', 'identifier', 'decision'] as const) {
      if ((input[field] !== undefined) === (field === needed)) continue;
      const message = field === needed ? `${input.verdict} needs it` : `${input.verdict} is about ${needed}; leave it out`;
      check.addIssue({ code: 'custom', path: [field], message, input: input[field] });
    }
    if (input.verdict === 'related' && input.kind === 'person')
      check.addIssue({ code: 'custom', path: ['kind'], message: 'related is of accounts: a subsidiary, a brand', input: input.kind });
  });
type Input = z.output<typeof decideMatchInput>;
type Say = z.input<typeof recordDecisionInput>['say'];

export interface DecidedMatch {
  kind: IdentityKind;
  verdict: Input['verdict'];
  /** The decision, or the one in force that says the same. */
  decision: string;
  /** Decisions that it took back. */
  withdrew: string[];
  /** The nodes that it is about. */
  records: string[];
  /** Of a match: whom both count as. */
  entity: string | null;
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
    for (const name of names) nodes.push(await findNode(tx, ctx, kind, name));
    return nodes;
  });
  const answer = { kind, verdict, records, entity: null, identifier: null, definitions: [] };
  if (verdict === 'match') return { ...answer, ...(await match(ctx, kind, records, decision)) };
  const [say, identifier] = saying(input, records);
  return { ...answer, identifier, ...(await recordDecision(ctx, { kind, decision, say })) };
}

function saying(
  { verdict, identifier, decision = '' }: Input,
  [left = '', right = '']: readonly string[],
): [Say, DecidedMatch['identifier']] {
  if (verdict === 'no_match') return [{ verb: 'cannot_link', nodes: [left, right] }, null];
  if (verdict === 'related') return [{ verb: 'related', nodes: [left, right] }, null];
  if (verdict === 'withdraw' || identifier === undefined) return [{ verb: 'withdrawn', decision }, null];
  const value = identifierValue(identifier.kind, identifier.value);
  if (value === null) {
    const reason = `is no ${identifier.kind === 'email' ? 'e-mail address' : identifier.kind}`;
    throw new SamepageError('invalid_input', `identifier.value ${reason}: ${shown(identifier.value)}.`, 'Give it as the records have it.', {
      problems: [{ path: 'identifier.value', value: shown(identifier.value), reason }],
    });
  }
  const compared = { kind: identifier.kind, value };
  return [{ verb: verdict === 'suppress_identifier' ? 'suppressed' : 'unsuppressed', identifier: compared }, compared];
}

async function match(ctx: Context, kind: IdentityKind, nodes: readonly string[], decider: { by: 'person' }) {
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const against = await standingAgainst(tx, ctx, kind, nodes);
    const persons = against.find(({ decidedBy }) => decidedBy === 'person');
    if (persons !== undefined) throw heldApart(kind, persons);
    const [outcome] = await mergeNodes(tx, ctx, kind, [{ nodes, decider }], recordedAt);
    const decision = outcome?.decision ?? '';
    await audit(tx, ctx, 'decide_match', `${kind} match, decision ${decision}`);
    const definitions = [refOf(await currentDefinition(tx, ctx, 'taxonomy'))];
    return { decision, entity: outcome?.entity ?? null, withdrew: against.map(({ id }) => id), definitions };
  });
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

function heldApart(kind: IdentityKind, { id, verb, actor, recordedAt, evidence }: LoggedDecision): SamepageError {
  const reason = isObject(evidence) && typeof evidence.reason === 'string' ? `, because "${shown(evidence.reason)}"` : '';
  const said = verb === 'related' ? `that these ${kind}s are related and stay two` : `that these are not one ${kind}`;
  return new SamepageError(
    'conflict',
    `On ${recordedAt.toISOString().slice(0, 10)} a person decided ${said}${reason} (decision ${id}, through ${shown(actor)}).`,
    'Leave them apart; or, when that was wrong, call decide_match with verdict withdraw and this decision, then match.',
    { problems: [{ path: 'records', value: id, reason: `are held apart by a decision "${verb}" of a person` }] },
  );
}
