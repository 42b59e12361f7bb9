import { z } from 'zod';
import { unlessOvertaken } from '../db/unless-overtaken.ts';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { derivedId } from '../kernel/ids.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { findSubject, scoreView } from '../scoring/get-score.ts';
import { assign, type Routed } from './core/assign.ts';
import { clocksOf, type RunningClock } from './core/hand-off-clocks.ts';
import { type LeadState, moved, NEW_LEAD } from './core/moves.ts';
import { readLead } from './read-lead.ts';
import { readLoads } from './read-loads.ts';

export const handOffLeadInput = z.strictObject({
  person: z.string().trim().min(1).max(300),
  reason: z.string().trim().min(1).max(500).optional(),
});

export interface HandedOff {
  id: string;
  person: { id: string; name: string | null };
  /** Who got it, and how they were found; without one it waits in the pool. */
  routed: Routed;
  clocks: RunningClock[];
  overridden: boolean;
  definitions: DefinitionRef[];
}

/**
 * Hands a lead from marketing to sales: checks the MQL rule, finds who gets it and starts its clocks. Against the rule it takes a reason,
 * which is reported.
 * @throws SamepageError `conflict` naming what stands against it; `not_found`, `ambiguous`, `invalid_input`, `permission_denied`
 */
export async function handOffLead(ctx: Context, given: z.input<typeof handOffLeadInput>): Promise<HandedOff> {
  requireScope(ctx, 'write');
  const { person, reason } = parseInput(handOffLeadInput, given, 'hand_off_lead');
  return unlessOvertaken(() =>
    recordInWorkspace(ctx, async (tx, recordedAt) => {
      const subject = await findSubject(tx, ctx, 'lead', person);
      const [view, taxonomy, sla] = await Promise.all([
        scoreView(tx, ctx, 'lead', subject),
        currentDefinition(tx, ctx, 'taxonomy'),
        currentDefinition(tx, ctx, 'sla'),
      ]);
      const asOfDay = dayFromIso(view.receipt.as_of);
      const disqualifiedBy = view.explanation.disqualifiedBy.map((one) => view.meanings[one] ?? one);
      const wanted = {
        person: subject.id,
        taxonomy: taxonomy.document,
        sla: sla.document,
        asOfDay,
        tier: view.result.tier,
        disqualifiedBy,
      };
      const [lead, state, loads] = await Promise.all([
        readLead(tx, ctx, wanted),
        readState(tx, ctx, subject.id),
        readLoads(tx, ctx, new Date(view.receipt.as_of)),
      ]);
      const { routing } = taxonomy.document;
      const asked = { account_owner: lead.account_owner, territories: new Set(lead.territories), not: new Set<string>() };
      const routed = routing === undefined ? NOBODY : assign(routing, asked, loads);
      const at = ctx.now();
      const move = { move: 'hand_off', owner: routed.owner, rule_met: lead.readiness.ready, override: reason ?? null } as const;
      const next = moved(state, move, { by: 'marketing', at: at.getTime(), reversal: null });
      if ('refused' in next)
        throw new SamepageError('conflict', `${shown(subject.name ?? subject.id)} is not handed off: ${next.refused}.`, next.next, {
          problems: lead.readiness.reasons.map((one) => ({ path: 'person', reason: one })),
        });
      const id = derivedId('hand_off', ctx.workspaceId, subject.id, recordedAt.toISOString());
      const facts = { ...lead.facts, calendar: routed.calendar };
      await Promise.all([
        tx.query(
          `insert into hand_off (workspace_id, id, person_id, account_id, handed_at, ordinal, stage, owner, pool, calendar, waits_for, source, tier, holds, sla, taxonomy, override)
           values ($1, $2::uuid, $3::uuid, $4::uuid, $5::timestamptz, 0, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14, $15, $16)`,
          [
            ctx.workspaceId,
            id,
            subject.id,
            lead.account_id,
            at.toISOString(),
            next.stage,
            next.owner,
            routed.pool,
            routed.calendar,
            next.waits_for,
            facts.source,
            facts.tier,
            JSON.stringify([...facts.holds]),
            sla.hash,
            taxonomy.hash,
            lead.readiness.ready ? null : (reason ?? null),
          ],
        ),
        tx.query(
          `insert into hand_off_event (workspace_id, hand_off_id, ordinal, at, recorded_at, actor, kind, sla, detail)
           values ($1, $2::uuid, 0, $3::timestamptz, $4::timestamptz, $5, 'hand_off', $6, $7::jsonb)`,
          [
            ctx.workspaceId,
            id,
            at.toISOString(),
            recordedAt.toISOString(),
            shown(ctx.actor.id),
            sla.hash,
            JSON.stringify({ by: routed.by, passed: routed.passed }),
          ],
        ),
      ]);
      await audit(
        tx,
        ctx,
        'hand_off_lead',
        `${id} ${next.owner === null ? 'waits for an owner' : 'assigned'}${lead.readiness.ready ? '' : ', against the MQL rule'}`,
      );
      const log = [{ kind: 'hand_off' as const, at: at.getTime(), sla: sla.hash }];
      return {
        id,
        person: { id: subject.id, name: subject.name },
        routed,
        clocks: clocksOf({ lead: facts, log }, new Map([[sla.hash, sla.document]]), at.getTime()),
        overridden: !lead.readiness.ready,
        definitions: [refOf(taxonomy), refOf(sla)],
      };
    }),
  );
}

const NOBODY: Routed = { owner: null, by: null, pool: null, calendar: null, passed: ['the taxonomy has no routing'] };

const states = z.array(
  z.object({
    stage: z.enum(['inquiry', 'mql', 'accepted', 'qualified', 'opportunity', 'won', 'lost', 'recycled', 'disqualified']),
    owner: z.string().nullable(),
    waits_for: z.enum(['assignment', 'enrichment', 'merge']).nullable(),
    returns_on: z.string().nullable(),
  }),
);

/** Where a person stands: as their last hand-off left them. */
async function readState(tx: Tx, ctx: Context, person: string): Promise<LeadState> {
  const [last] = states.parse(
    await tx.query(
      `select h.stage, h.owner, h.waits_for, h.returns_on from hand_off h
       where h.workspace_id = $1 and h.person_id = $2::uuid order by h.handed_at desc, h.id limit 1`,
      [ctx.workspaceId, person],
      { prepare: true },
    ),
  );
  return last === undefined ? NEW_LEAD : { ...last, decided: null };
}
