import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RejectionCode } from '../../../src/definitions/core/taxonomy.ts';
import { LEAD_FATES } from '../../../src/definitions/core/taxonomy.ts';
import { LEGAL, type LeadState, MOVERS, type Move, moved, NEW_LEAD, OPEN_STAGES, type Stage } from '../../../src/handoff/core/moves.ts';
import { missingAttempts, outcomeOf } from '../../../src/handoff/core/rejection.ts';
import { dayOf } from '../../../src/kernel/dates.ts';
import { CALENDARS, slaOf } from './calendars.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.parse('2026-06-01T12:00Z');
const reversal = DAY;

const code = (action: RejectionCode['action'], more: Partial<RejectionCode> = {}): RejectionCode => ({
  code: 'FIT-01',
  reason: 'company too small',
  owner: 'marketing',
  action,
  ...more,
});
const reject = (action: RejectionCode['action'], more: Partial<RejectionCode> = {}): Move => {
  const outcome = outcomeOf({ code: code(action, more), sub_reason: null, day: dayOf(new Date(T0)), before: null, missing: [] });
  if ('missing' in outcome) throw new Error(outcome.missing.join());
  return { move: 'reject', outcome };
};
const handOff = (more: Partial<Move & { move: 'hand_off' }> = {}): Move => ({
  move: 'hand_off',
  owner: 'ana',
  rule_met: true,
  override: null,
  ...more,
});

/** The lead after moves of whoever may make them, an hour apart. */
function led(...moves: Move[]): LeadState {
  return moves.reduce((lead, move, i) => {
    const next = moved(lead, move, { by: LEGAL[move.move].by[0] ?? 'job', at: T0 + i * HOUR, reversal });
    if ('refused' in next) throw new Error(`${move.move}: ${next.refused}`);
    return next;
  }, NEW_LEAD);
}

describe('the way of a lead', () => {
  test.each<[string, Move[], Partial<LeadState>]>([
    ['handed off', [handOff()], { stage: 'mql', owner: 'ana', waits_for: null }],
    ['handed off when nobody has room', [handOff({ owner: null })], { stage: 'mql', owner: null, waits_for: 'assignment' }],
    ['assigned', [handOff({ owner: null }), { move: 'assign', owner: 'ben' }], { stage: 'mql', owner: 'ben', waits_for: null }],
    ['handed off with a reason', [handOff({ rule_met: false, override: 'asked by the CEO' })], { stage: 'mql' }],
    ['accepted', [handOff(), { move: 'accept' }], { stage: 'accepted', owner: 'ana' }],
    ['qualified', [handOff(), { move: 'accept' }, { move: 'qualify' }], { stage: 'qualified' }],
    ['won', [handOff(), { move: 'accept' }, { move: 'qualify' }, { move: 'open_opportunity' }, { move: 'win' }], { stage: 'won' }],
    ['lost', [handOff(), { move: 'accept' }, { move: 'open_opportunity' }, { move: 'lose' }], { stage: 'lost', owner: 'ana' }],
    ['rejected to nurture', [handOff(), reject('nurture')], { stage: 'recycled', owner: null, returns_on: null }],
    ['rejected for a time', [handOff(), reject('recycle', { after_days: 60 })], { stage: 'recycled', returns_on: '2026-07-31' }],
    ['archived', [handOff(), reject('archive')], { stage: 'disqualified', waits_for: null }],
    ['suppressed after it was accepted', [handOff(), { move: 'accept' }, reject('suppress')], { stage: 'disqualified' }],
    ['sent for enrichment', [handOff(), reject('enrich')], { stage: 'inquiry', waits_for: 'enrichment' }],
    ['enriched', [handOff(), reject('enrich'), { move: 'enriched' }], { stage: 'inquiry', waits_for: null }],
    ['merged', [handOff(), reject('merge'), { move: 'merged' }], { stage: 'inquiry', waits_for: null }],
    ['re-routed', [handOff(), reject('reroute')], { stage: 'mql', owner: null, waits_for: 'assignment' }],
    ['taken back', [handOff(), reject('archive'), { move: 'take_back' }], { stage: 'mql', owner: 'ana', decided: null }],
    ['past its day, and not by the rule', [handOff(), reject('recycle', { after_days: 60 }), { move: 'lapse' }], { returns_on: null }],
    ['handed off again', [handOff(), reject('nurture'), handOff({ owner: 'ben' })], { stage: 'mql', owner: 'ben', decided: null }],
  ])('%s', (_, moves, expected) => {
    expect(led(...moves)).toMatchObject(expected);
  });

  test.each<
    [string, Move[], Move, string, Partial<{ by: 'marketing' | 'sales' | 'revops' | 'job'; hours: number; reversal: number | null }>?]
  >([
    ['twice', [handOff()], handOff(), 'the lead is handed off already, and is mql'],
    ['against the rule', [], handOff({ rule_met: false }), 'it does not meet the MQL rule'],
    ['by a job against the rule', [], handOff({ rule_met: false, override: 'x' }), 'it does not meet the MQL rule', { by: 'job' }],
    ['before its date', [handOff(), reject('recycle', { after_days: 60 })], handOff(), 'it comes back on 2026-07-31'],
    ['before it was enriched', [handOff(), reject('enrich')], handOff(), 'it waits for enrichment'],
    ['of a disqualified lead', [handOff(), reject('archive')], handOff(), 'it is disqualified'],
    ['by marketing', [handOff()], { move: 'accept' }, 'marketing does not make the move "accept"', { by: 'marketing' }],
    ['of a lead without an owner', [handOff({ owner: null })], { move: 'accept' }, 'nobody owns the lead yet'],
    ['of a lead that nobody handed off', [], reject('archive'), '"reject" is no move of a lead that is inquiry'],
    [
      'too late',
      [handOff(), reject('archive')],
      { move: 'take_back' },
      'the disposition stands since 2026-06-02T13:00:00.000Z',
      { hours: 26 },
    ],
    ['without a grace period', [handOff(), reject('archive')], { move: 'take_back' }, 'the SLA has no reversal_within', { reversal: null }],
    ['of what is no disposition', [handOff()], { move: 'take_back' }, 'the last move of the lead is no disposition'],
    ['of another wait', [handOff(), reject('merge')], { move: 'enriched' }, 'the lead does not wait for enrichment'],
  ])('is refused: %s', (_, moves, move, refused, { by, hours = 5, reversal: grace = reversal } = {}) => {
    const made = { by: by ?? LEGAL[move.move].by[0] ?? 'job', at: T0 + hours * HOUR, reversal: grace };
    expect(moved(led(...moves), move, made)).toMatchObject({ refused });
  });

  test('a recycled lead comes back on its date', () => {
    const lead = led(handOff(), reject('recycle', { after_days: 60 }));
    const on = (date: string) => moved(lead, handOff(), { by: 'job', at: Date.parse(date), reversal });
    expect(on('2026-07-30T23:59:59Z')).toMatchObject({ refused: 'it comes back on 2026-07-31' });
    expect(on('2026-07-31T00:00:00Z')).toMatchObject({ stage: 'mql', returns_on: null });
  });
});

describe('a rejection', () => {
  const day = dayOf(new Date(T0));
  const given = { sub_reason: null, day, before: null, missing: [] };
  const locked = code('recycle', { before: 'account.renewal_date' });

  test.each([
    [
      'a sub-reason',
      { code: code('archive', { sub_reasons: ['scale', 'language'] }) },
      ['FIT-01 needs a sub-reason: one of scale, language'],
    ],
    [
      'one of its own',
      { code: code('archive', { sub_reasons: ['scale'] }), sub_reason: 'price' },
      ['FIT-01 needs a sub-reason: one of scale'],
    ],
    ['none where it takes none', { code: code('archive'), sub_reason: 'scale' }, ['FIT-01 takes no sub-reason: leave it out']],
    [
      'the attempts',
      { code: code('nurture', { needs_attempts: true }), missing: [{ type: 'call', at_least: 5, logged: 2 }] },
      ['3 more of call: 2 of 5 are logged'],
    ],
    ['the date', { code: locked }, ['account.renewal_date is not known: record it, or reject with another code']],
    [
      'a date ahead',
      { code: locked, before: '2026-06-01' },
      ['account.renewal_date is 2026-06-01, which is not ahead: record the next one, or reject with another code'],
    ],
  ])('needs %s', (_, more, missing) => {
    expect(outcomeOf({ ...given, ...more })).toEqual({ missing });
  });

  test('of a lead that is locked in brings it back before it is free', () => {
    expect(outcomeOf({ ...given, code: locked, before: '2027-01-01' })).toMatchObject({ returns_on: '2026-10-03' });
    expect(outcomeOf({ ...given, code: locked, before: '2026-06-20' })).toMatchObject({ returns_on: '2026-06-02' });
  });

  test('says which attempts are missing, also under an exception', () => {
    const attempts = (type: string, at_least: number) => [{ type, at_least }];
    const sla = slaOf(
      CALENDARS.ny,
      {},
      {
        follow_up: {
          attempts: [...attempts('call', 5), ...attempts('sales_email', 5)],
          within_business_days: 5,
          exceptions: [{ id: 'low', tiers: ['C'], attempts: attempts('sales_email', 3), within_business_days: 5 }],
        },
      },
    );
    const logged = new Map([
      ['call', 5],
      ['sales_email', 2],
    ]);
    const lead = (tier: string | null) => ({ source: null, tier, holds: new Set<string>() });
    expect(missingAttempts(sla, lead(null), logged)).toEqual([{ type: 'sales_email', at_least: 5, logged: 2 }]);
    expect(missingAttempts(sla, lead('C'), logged)).toEqual([{ type: 'sales_email', at_least: 3, logged: 2 }]);
    expect(missingAttempts(sla, lead('C'), new Map([['sales_email', 3]]))).toEqual([]);
  });
});

/** What each move may be made from, and what it leads to, in the words of the contract and not of the code. */
const MODEL: Record<Move['move'], (stage: Stage) => readonly Stage[]> = {
  hand_off: (stage) => (['inquiry', 'recycled', 'disqualified', 'lost'].includes(stage) ? ['mql'] : []),
  assign: (stage) => (['mql', 'accepted', 'qualified'].includes(stage) ? [stage] : []),
  accept: (stage) => (stage === 'mql' ? ['accepted'] : []),
  reject: (stage) => (['mql', 'accepted', 'qualified'].includes(stage) ? ['recycled', 'disqualified', 'inquiry', 'mql'] : []),
  qualify: (stage) => (stage === 'accepted' ? ['qualified'] : []),
  open_opportunity: (stage) => (['accepted', 'qualified'].includes(stage) ? ['opportunity'] : []),
  win: (stage) => (stage === 'opportunity' ? ['won'] : []),
  lose: (stage) => (stage === 'opportunity' ? ['lost'] : []),
  enriched: (stage) => (stage === 'inquiry' ? ['inquiry'] : []),
  merged: (stage) => (stage === 'inquiry' ? ['inquiry'] : []),
  lapse: (stage) => (stage === 'recycled' ? ['recycled'] : []),
  merge_away: (stage) => (['mql', 'accepted', 'qualified', 'opportunity', 'merged'].includes(stage) ? ['merged'] : []),
  unmerge: (stage) => (stage === 'merged' ? ['mql', 'accepted', 'qualified', 'opportunity'] : []),
  take_back: () => ['mql', 'accepted', 'qualified'],
};

const fate = fc.constantFrom(...LEAD_FATES).map((action) => reject(action, action === 'recycle' ? { after_days: 3 } : {}));
const move = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ owner: fc.option(fc.constantFrom('ana', 'ben')), rule_met: fc.boolean(), override: fc.option(fc.constant('why')) })
      .map((one) => handOff(one)),
  },
  { weight: 3, arbitrary: fate },
  {
    weight: 8,
    arbitrary: fc.constantFrom<Move>(
      { move: 'accept' },
      { move: 'accept' },
      { move: 'qualify' },
      { move: 'open_opportunity' },
      { move: 'win' },
      { move: 'lose' },
      { move: 'enriched' },
      { move: 'merged' },
      { move: 'lapse' },
      { move: 'merge_away' },
      { move: 'unmerge' },
      { move: 'unmerge' },
      { move: 'take_back' },
      { move: 'take_back' },
      { move: 'assign', owner: 'eva' },
    ),
  },
);

/** Who may make a move, likewise. */
const WHO: Partial<Record<Move['move'], readonly string[]>> = {
  hand_off: ['marketing', 'revops', 'job'],
  assign: ['sales', 'revops', 'job'],
  enriched: ['revops', 'job'],
  merged: ['revops', 'job'],
  lapse: ['job'],
  merge_away: ['job'],
  unmerge: ['job'],
  take_back: ['sales', 'revops'],
};
const who = fc.oneof({ weight: 2, arbitrary: fc.constant('sales' as const) }, { weight: 3, arbitrary: fc.constantFrom(...MOVERS) });
const orders = fc.array(fc.tuple(move, who, fc.integer({ min: 0, max: 40 })), { maxLength: 80, size: 'max' });

test('whatever is asked in whatever order, a lead stands where the model has it', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(orders, (asked) => {
      let lead = NEW_LEAD;
      let at = T0;
      /** The lead before the last disposition, as long as nothing else was done. */
      let undo: { lead: LeadState; at: number } | null = null;
      /** The lead before it was merged away. */
      let apart: LeadState | null = null;
      for (const [one, by, hours] of asked) {
        at += hours * HOUR;
        const next = moved(lead, one, { by, at, reversal });
        const allowed = (WHO[one.move] ?? ['sales']).includes(by);
        if ('refused' in next) {
          expect(next.refused).not.toBe('');
          expect(next.next).toMatch(/\.$/);
          if (one.move === 'take_back' && allowed) expect(undo === null || at > undo.at + reversal).toBe(true);
          continue;
        }
        seen.add(one.move);
        expect(allowed).toBe(true);
        expect(MODEL[one.move](lead.stage)).toContain(next.stage);
        if (one.move === 'hand_off') expect(OPEN_STAGES).not.toContain(lead.stage);
        if (one.move === 'hand_off' && !one.rule_met) expect([one.override, by === 'job']).toEqual(['why', false]);
        if (one.move === 'take_back') {
          expect(at - (undo?.at ?? 0)).toBeLessThanOrEqual(reversal);
          expect({ ...next, decided: undefined }).toEqual({ ...undo?.lead, decided: undefined });
          expect(apart).toBeNull();
        }
        if (one.move === 'merge_away') apart ??= lead;
        if (one.move === 'unmerge') expect(next).toEqual(apart);
        if (one.move !== 'merge_away') apart = null;
        // whoever was merged meanwhile can take back what they could before
        if (one.move !== 'merge_away' && one.move !== 'unmerge')
          undo = one.move === 'accept' || one.move === 'reject' ? { lead, at } : null;
        expect(next.decided === null).toBe(undo === null || next.stage === 'merged');
        if (next.returns_on !== null) expect(next.stage).toBe('recycled');
        if (next.waits_for === 'assignment') expect([next.stage, next.owner]).toEqual(['mql', null]);
        if (next.waits_for === 'enrichment' || next.waits_for === 'merge') expect(next.stage).toBe('inquiry');
        if (OPEN_STAGES.includes(next.stage) && next.waits_for === null) expect(next.owner).not.toBeNull();
        if (['inquiry', 'recycled', 'disqualified'].includes(next.stage)) expect(next.owner).toBeNull();
        lead = next;
      }
    }),
    { seed: 7, numRuns: 600 },
  );
  expect([...seen].sort()).toEqual(Object.keys(LEGAL).sort());
});
