import { audit } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { derivedId } from '../kernel/ids.ts';
import { type ScoreView, scoreView } from '../scoring/get-score.ts';
import { toldOf } from './change-hand-off.ts';
import { assign, type Routed } from './core/assign.ts';
import { enforceSegments } from './core/enforce-segments.ts';
import type { RunningClock } from './core/hand-off-clocks.ts';
import { type LogEntry, projectionOf } from './core/log.ts';
import { handOffDoubts, type Mover, moved, NEW_LEAD } from './core/moves.ts';
import { readHandOffs, type StoredHandOff } from './read-hand-offs.ts';
import { type Lead, readLead } from './read-lead.ts';
import { readLoads } from './read-loads.ts';
import { readSlas } from './read-slas.ts';
import { activeRules } from './segment-rule.ts';
import { wasEnriched } from './was-enriched.ts';
import { type WrittenHandOff, writeHandOffs } from './write-hand-offs.ts';
import { writeOutbox } from './write-outbox.ts';

export interface HandedOff {
  id: string;
  person: { id: string; name: string | null };
  /** Who got it, and how they were found; without one it waits in the pool. */
  routed: Routed;
  clocks: RunningClock[];
  /** True when something spoke against it, and a reason was given. */
  overridden: boolean;
  definitions: DefinitionRef[];
}

interface Asked {
  subject: ScoreView['subject'];
  by: Mover;
  reason: string | null;
  verb: string;
}

/**
 * Starts a hand-off in a transaction that holds the workspace's row: checks what speaks against it, finds who gets it, starts its clocks, and
 * tells of it.
 * @throws SamepageError `conflict` naming what stands against it
 */
export async function startHandOff(tx: Tx, ctx: Context, { subject, by, reason, verb }: Asked, recordedAt: Date): Promise<HandedOff> {
  const [view, taxonomy, sla, found] = await Promise.all([
    scoreView(tx, ctx, 'lead', subject),
    currentDefinition(tx, ctx, 'taxonomy'),
    currentDefinition(tx, ctx, 'sla'),
    readHandOffs(tx, ctx, [subject.id]),
  ]);
  const rules = await activeRules(tx, ctx, taxonomy.document);
  const known = await readLead(tx, ctx, {
    person: subject.id,
    segments: rules,
    taxonomy: taxonomy.document,
    sla: sla.document,
    asOfDay: dayFromIso(view.receipt.as_of),
    tier: view.result.tier,
    disqualifiedBy: view.explanation.disqualifiedBy.map((one) => view.meanings[one] ?? one),
  });
  const holding = rules.filter(({ id }) => known.segments.includes(id));
  const enriched =
    holding.some(({ rule }) => rule === 'require_enrichment') && (await wasEnriched(tx, ctx, [subject.id, known.account_id]));
  const enforced = enforceSegments(holding, { tier: view.result.tier, enriched });
  const lead = { ...known, facts: { ...known.facts, tier: enforced.tier } };
  const previous = found.get(subject.id);
  const slas = await readSlas(tx, ctx, previous === undefined ? [] : [previous], sla.hash);
  const before = previous === undefined ? null : projectionOf(previous.lead, previous.log, slas);
  // after all that was logged before, whatever this process's clock says
  const at = Math.max(ctx.now().getTime(), (before?.changed_at ?? 0) + 1);
  const routed = await routedTo(tx, ctx, taxonomy.document, { lead, since: new Date(view.receipt.as_of), not: enforced.not });
  const segments = enforced.against;
  const move = { move: 'hand_off', owner: routed.owner, rule_met: lead.readiness.ready, against: segments, override: reason } as const;
  const state = before?.state ?? NEW_LEAD;
  const next = moved(state, move, { by, at, reversal: null });
  if ('refused' in next)
    throw new SamepageError('conflict', `${shown(subject.name ?? subject.id)} is not handed off: ${next.refused}.`, next.next, {
      problems: [...lead.readiness.reasons, ...segments].map((one) => ({ path: 'person', reason: one })),
    });
  const overridden = [...handOffDoubts(state, lead.readiness.ready, at), ...segments].length > 0;
  const id = derivedId('hand_off', ctx.workspaceId, subject.id, recordedAt.toISOString());
  const log: LogEntry[] = [{ kind: 'hand_off', at, sla: sla.hash, owner: routed.owner }];
  const clocked = { ...lead.facts, calendar: routed.calendar };
  const handOff = {
    id,
    person_id: subject.id,
    account_id: lead.account_id,
    handed_at: at,
    lead: clocked,
    facts: lead.sides,
    sla: sla.hash,
    taxonomy: taxonomy.hash,
    pool: routed.pool,
    override: overridden ? reason : null,
    followed_by: null,
    log,
  };
  const projection = projectionOf(clocked, log, slas);
  const added = [{ ctx, detail: { by: routed.by, passed: routed.passed } }];
  const written: WrittenHandOff[] = [{ ...handOff, projection, counted: null, added }];
  if (previous !== undefined && before !== null) written.push(followed(previous, before, id));
  const told = toldOf({ handOff, projection, at, taxonomy });
  await Promise.all([
    writeHandOffs(tx, ctx, written, recordedAt),
    writeOutbox(tx, ctx, [{ type: 'hand_off.created', subject: id, data: { ...told, overridden } }], recordedAt),
    audit(
      tx,
      ctx,
      verb,
      `${id} ${next.stage === 'mql' && next.owner === null ? 'waits for an owner' : 'assigned'}${overridden ? ', against the rule' : ''}`,
    ),
  ]);
  return {
    id,
    person: { id: subject.id, name: subject.name },
    routed,
    clocks: projection.clocks(),
    overridden,
    definitions: [refOf(taxonomy), refOf(sla)],
  };
}

/** The hand-off before, which is where the person stands no more. */
function followed(previous: StoredHandOff, projection: WrittenHandOff['projection'], by: string): WrittenHandOff {
  return { ...previous, followed_by: by, projection, counted: previous.cell, added: [] };
}

interface Routing {
  lead: Lead;
  since: Date;
  /** Owners who do not get it. */
  not: readonly string[];
}

async function routedTo(tx: Tx, ctx: Context, { routing }: Taxonomy, { lead, since, not }: Routing): Promise<Routed> {
  if (routing === undefined) return { owner: null, by: null, pool: null, calendar: null, passed: ['the taxonomy has no routing'] };
  const members = routing.pools.flatMap((pool) => pool.members.map(({ owner }) => owner));
  const loads = await readLoads(tx, ctx, since, lead.account_owner === null ? members : [...members, lead.account_owner]);
  return assign(routing, { account_owner: lead.account_owner, territories: new Set(lead.territories), not: new Set(not) }, loads);
}
