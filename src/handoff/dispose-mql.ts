import { z } from 'zod';
import { requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import type { RejectionCode, Taxonomy } from '../definitions/core/taxonomy.ts';
import { refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, ISO_DATE, isIsoDate } from '../kernel/dates.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type Change, changeHandOff, clocksNow, type Standing, toldOf } from './change-hand-off.ts';
import { amountOf } from './core/clock.ts';
import type { RunningClock } from './core/hand-off-clocks.ts';
import { attemptsOf, type LogEntry } from './core/log.ts';
import { DECISIONS, LEGAL, type Move, moved, type Stage } from './core/moves.ts';
import { missingAttempts, type Outcome, outcomeOf } from './core/rejection.ts';
import { handOffName, note, refuseMisplaced, unmoved, wrongInput } from './hand-off-input.ts';

export const disposeMqlInput = z.strictObject({
  handoff: handOffName,
  decision: z.enum(DECISIONS).describe('take_back undoes the last accept or reject'),
  code: z.string().trim().min(1).max(40).optional().describe("of a reject: one of the taxonomy's"),
  sub_reason: z.string().trim().min(1).max(100).optional(),
  free_on: z.string().refine(isIsoDate, ISO_DATE).optional().describe('of a code that has a date, as the renewal'),
  owner: z.string().trim().min(1).max(200).optional().describe('of assign'),
  note,
});
type Given = z.output<typeof disposeMqlInput>;

/** What a rejection says to marketing. */
export interface Feedback {
  code: string;
  reason: string;
  sub_reason: string | null;
  /** The team that fixes the cause, and what it fixes. */
  fixer: string;
  fix: string | null;
  /** What happens to the lead. */
  action: RejectionCode['action'];
  /** False when the lead itself was good. */
  quality: boolean;
}

export interface Disposed {
  id: string;
  person: { id: string; name: string | null };
  stage: Stage;
  owner: string | null;
  waits_for: string | null;
  returns_on: string | null;
  feedback: Feedback | null;
  /** Until when it can be taken back; null: not at all. */
  reversible_until: string | null;
  clocks: RunningClock[];
  definitions: DefinitionRef[];
}

/**
 * Accepts or rejects a lead, takes that back, or makes a later move of it.
 * @throws SamepageError `invalid_input`, `conflict` naming what is missing; `not_found`, `ambiguous`, `permission_denied`
 */
export async function disposeMql(ctx: Context, given: z.input<typeof disposeMqlInput>): Promise<Disposed> {
  requireScope(ctx, 'write');
  const input = parseInput(disposeMqlInput, given, 'dispose_mql');
  const standing = await changeHandOff(ctx, {
    verb: 'dispose_mql',
    named: input.handoff,
    decide: (before, tx) => decide(ctx, tx, input, before),
  });
  const { handOff, projection, taxonomy, sla } = standing;
  const { stage, owner, waits_for, returns_on, decided } = projection.state;
  const grace = graceOf(standing);
  return {
    id: handOff.id,
    person: { id: handOff.person.id, name: handOff.person.name },
    stage,
    owner,
    waits_for,
    returns_on,
    feedback: input.decision === 'reject' ? feedbackOf(codeOf(taxonomy.document, input.code), input.sub_reason ?? null) : null,
    reversible_until: decided === null || grace === null ? null : new Date(decided.at + grace).toISOString(),
    clocks: clocksNow(standing),
    definitions: [refOf(taxonomy), refOf(sla)],
  };
}

async function decide(ctx: Context, tx: Tx, input: Given, standing: Standing): Promise<Change> {
  const { handOff, projection, at, sla } = standing;
  const { decision } = input;
  const base = { at, sla: sla.hash };
  const code = decision === 'reject' ? codeOf(standing.taxonomy.document, input.code) : null;
  const move = await moveOf(ctx, tx, input, standing, code);
  const next = moved(projection.state, move, { by: LEGAL[decision].by[0] ?? 'sales', at, reversal: graceOf(standing) });
  if ('refused' in next) throw unmoved(handOff.person.name ?? handOff.id, `${next.refused}.`, next.next);
  const entry: LogEntry =
    move.move === 'reject' && code !== null
      ? {
          ...base,
          kind: 'reject',
          code: code.code,
          sub_reason: input.sub_reason ?? null,
          outcome: move.outcome,
          rerouted: code.action === 'reroute',
        }
      : move.move === 'assign'
        ? { ...base, kind: 'assign', owner: move.owner }
        : { ...base, kind: decision as Exclude<typeof decision, 'reject' | 'assign'> };
  const isTold = decision === 'accept' || decision === 'reject' || decision === 'take_back';
  return {
    entry,
    detail: { ...(input.note !== undefined && { note: input.note }), ...(input.free_on !== undefined && { free_on: input.free_on }) },
    said: code === null ? decision : `${decision} ${code.code}`,
    ...(isTold && {
      told: {
        type: decision === 'take_back' ? ('hand_off.reversed' as const) : ('hand_off.disposed' as const),
        subject: handOff.id,
        data: {
          ...toldOf(standing),
          decision,
          stage: next.stage,
          returns_on: next.returns_on,
          ...(code !== null && feedbackOf(code, input.sub_reason ?? null)),
          ...(input.note !== undefined && { note: input.note }),
        },
      },
    }),
  };
}

const GOES_WITH = { code: ['reject'], sub_reason: ['reject'], free_on: ['reject'], owner: ['assign'] };

async function moveOf(ctx: Context, tx: Tx, input: Given, standing: Standing, code: RejectionCode | null): Promise<Move> {
  const { decision, owner } = input;
  refuseMisplaced(input, GOES_WITH, decision);
  if (decision === 'assign') {
    if (owner === undefined) throw wrongInput('owner', 'is missing: assign needs the owner who gets the lead');
    return { move: 'assign', owner };
  }
  if (decision !== 'reject') return { move: decision };
  if (code === null) throw wrongInput('code', 'is missing');
  return { move: 'reject', outcome: await outcome(ctx, tx, input, standing, code) };
}

/** What becomes of the lead, or the refusal that says all that is missing. */
async function outcome(ctx: Context, tx: Tx, input: Given, standing: Standing, code: RejectionCode): Promise<Outcome> {
  const { handOff, slas, sla, at } = standing;
  const found = outcomeOf({
    code,
    sub_reason: input.sub_reason ?? null,
    day: dayOf(new Date(at)),
    before: code.before === undefined ? null : (input.free_on ?? (await dateOf(tx, ctx, handOff, code.before))),
    missing: missingAttempts(slas.get(handOff.sla) ?? sla.document, handOff.lead, attemptsOf(handOff.log)),
  });
  if (!('missing' in found)) return found;
  throw unmoved(
    handOff.person.name ?? handOff.id,
    `${code.code} (${code.reason}) still needs: ${found.missing.join('; ')}.`,
    nextFor(code),
    found.missing,
  );
}

const nextFor = ({ needs_attempts, before, sub_reasons }: RejectionCode) =>
  [
    needs_attempts === true ? 'Log each attempt with log_follow_up, then reject again.' : '',
    before === undefined ? '' : 'Give the date as free_on.',
    sub_reasons === undefined ? '' : 'Give sub_reason.',
  ]
    .filter((one) => one !== '')
    .join(' ') || 'Leave sub_reason out.';

const dateRows = z.array(z.object({ date: z.string().nullable() }));

/** A date field of the lead or its account. */
async function dateOf(tx: Tx, ctx: Context, { person_id, account_id }: Standing['handOff'], field: string): Promise<string | null> {
  const [entity, key] = field.split('.') as [string, string];
  const id = entity === 'person' ? person_id : account_id;
  if (id === null || (entity !== 'person' && entity !== 'account')) return null;
  const [row] = dateRows.parse(
    await tx.query(`select t.fields ->> $3 as date from ${entity} t where t.workspace_id = $1 and t.id = $2::uuid`, [
      ctx.workspaceId,
      id,
      key,
    ]),
  );
  return row?.date ?? null;
}

function codeOf({ rejection_codes }: Taxonomy, given: string | undefined): RejectionCode {
  const all = rejection_codes.map(({ code }) => code);
  if (given === undefined) throw wrongInput('code', `is missing: a reject needs one of ${all.join(', ')}`);
  const found = rejection_codes.find(({ code }) => code === given.toUpperCase());
  if (found !== undefined) return found;
  throw wrongInput('code', `is no code of the taxonomy; it must be one of ${all.join(', ')}`, given);
}

function feedbackOf({ code, reason, owner, fix, action, quality }: RejectionCode, sub_reason: string | null): Feedback {
  return { code, reason, sub_reason, fixer: owner, fix: fix ?? null, action, quality: quality ?? true };
}

/** For how many milliseconds a disposition may be taken back; null: not at all. */
function graceOf({ sla }: Standing): number | null {
  const { reversal_within } = sla.document;
  return reversal_within === undefined ? null : amountOf(reversal_within);
}
