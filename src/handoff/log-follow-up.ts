import { z } from 'zod';
import { requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { dayFromIso, ISO_DATE, isIsoDate } from '../kernel/dates.ts';
import { instantText } from '../kernel/instant-text.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type Change, changeHandOff, clocksNow, type Standing } from './change-hand-off.ts';
import type { RunningClock } from './core/hand-off-clocks.ts';
import { attemptsOf, type LogEntry } from './core/log.ts';
import { OPEN_STAGES } from './core/moves.ts';
import { type MissingAttempt, missingAttempts } from './core/rejection.ts';
import { handOffName, note, refuseMisplaced, unmoved, wrongInput } from './hand-off-input.ts';

/** What came of an attempt; in the last two the lead answered. */
const OUTCOMES = ['no_answer', 'left_message', 'sent', 'bounced', 'replied', 'reached'] as const;
const ANSWERED: readonly string[] = ['replied', 'reached'];

export const logFollowUpInput = z.strictObject({
  handoff: handOffName,
  what: z.enum(['attempt', 'meeting', 'pause', 'resume']).default('attempt'),
  channel: z.string().trim().min(1).max(60).optional().describe("of an attempt: a type of the SLA's attempts, as call"),
  outcome: z.enum(OUTCOMES).optional(),
  reason: z.string().trim().min(1).max(60).optional().describe("of pause and resume: one of the SLA's pauses"),
  until: z.string().refine(isIsoDate, ISO_DATE).optional().describe('a pause ends then by itself'),
  occurred_at: instantText.optional().describe('now when left out'),
  note,
});
type Given = z.output<typeof logFollowUpInput>;

export interface FollowedUp {
  id: string;
  person: { id: string; name: string | null };
  logged: { type: string; times: number }[];
  /** Before the lead may be called unable to reach. */
  missing: MissingAttempt[];
  clocks: RunningClock[];
  definitions: DefinitionRef[];
}

/**
 * Logs what was tried to reach a lead, a meeting, or that its clocks stop for a reason and run again.
 * @throws SamepageError `invalid_input`, `conflict` of a hand-off that is over; `not_found`, `ambiguous`, `permission_denied`
 */
export async function logFollowUp(ctx: Context, given: z.input<typeof logFollowUpInput>): Promise<FollowedUp> {
  requireScope(ctx, 'write');
  const input = parseInput(logFollowUpInput, given, 'log_follow_up');
  const standing = await changeHandOff(ctx, { verb: 'log_follow_up', named: input.handoff, decide: (before) => decide(input, before) });
  const { handOff, taxonomy, sla, slas } = standing;
  const logged = attemptsOf(standing.handOff.log);
  return {
    id: handOff.id,
    person: { id: handOff.person.id, name: handOff.person.name },
    logged: [...logged].map(([type, times]) => ({ type, times })),
    missing: missingAttempts(slas.get(handOff.sla) ?? sla.document, handOff.lead, logged),
    clocks: clocksNow(standing),
    definitions: [refOf(taxonomy), refOf(sla)],
  };
}

function decide(input: Given, standing: Standing): Change {
  const { handOff, projection, at: now, sla } = standing;
  const { what, outcome } = input;
  if (!OPEN_STAGES.includes(projection.state.stage))
    throw unmoved(
      handOff.person.name ?? handOff.id,
      `the hand-off is over, and the lead is ${projection.state.stage}.`,
      'Hand the lead off again with hand_off_lead, or take the disposition back with dispose_mql.',
    );
  const at = input.occurred_at === undefined ? now : Date.parse(input.occurred_at);
  if (at > now) throw wrongInput('occurred_at', 'lies in the future', input.occurred_at);
  if (at < handOff.handed_at)
    throw wrongInput('occurred_at', `lies before the hand-off at ${new Date(handOff.handed_at).toISOString()}`, input.occurred_at);
  const entry = { at, sla: sla.hash, ...said(input, standing) } as LogEntry;
  return {
    entry,
    detail: { ...(outcome !== undefined && { outcome }), ...(input.note !== undefined && { note: input.note }) },
    said: entry.kind === 'attempt' ? `${what} ${entry.type}` : what,
  };
}

const GOES_WITH = { channel: ['attempt'], outcome: ['attempt', 'meeting'], reason: ['pause', 'resume'], until: ['pause'] };

function said(input: Given, { handOff, sla, slas }: Standing) {
  const { what, channel, outcome, reason, until } = input;
  refuseMisplaced(input, GOES_WITH, what);
  if (what === 'meeting') return { kind: what };
  const promised = slas.get(handOff.sla) ?? sla.document;
  if (what === 'attempt') {
    const { attempts, exceptions } = promised.follow_up;
    const types = [...new Set([...attempts, ...(exceptions ?? []).flatMap((one) => one.attempts)].map(({ type }) => type))];
    if (channel === undefined) throw wrongInput('channel', `is missing: an attempt needs one of ${types.join(', ')}`);
    if (!types.includes(channel)) throw wrongInput('channel', `is no attempt of the SLA; it must be one of ${types.join(', ')}`, channel);
    return { kind: what, type: channel, reached: outcome !== undefined && ANSWERED.includes(outcome) };
  }
  const reasons = (promised.pauses ?? []).map(({ id }) => id);
  if (reason === undefined)
    throw wrongInput('reason', `is missing: a ${what} needs one of ${reasons.join(', ') || 'the SLA, which has none'}`);
  if (!reasons.includes(reason))
    throw wrongInput('reason', `is no pause of the SLA; it must be one of ${reasons.join(', ') || 'none'}`, reason);
  if (what === 'resume') return { kind: what, reason };
  return { kind: what, reason, until: until === undefined ? null : dayFromIso(until) * 86_400_000 };
}
