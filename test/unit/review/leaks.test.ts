import { describe, expect, test } from 'vitest';
import { nameVerdict } from '../../../src/review/core/leak-names.ts';
import { findLeaks, type Suspect } from '../../../src/review/core/leaks.ts';

const suspect = (field: string, rest: Partial<Suspect> = {}): Suspect => ({
  field,
  label: field,
  auc: 0.6,
  information_value: 0.1,
  bins: 5,
  missing: { won: 0, lost: 0 },
  ...rest,
});
const TOTALS = { won: 250, lost: 750 };
const rules = async (suspects: Suspect[], totals = TOTALS, aucWithout: (fields: readonly string[]) => number | null = () => 0.7) =>
  Object.fromEntries(
    (await findLeaks(suspects, totals, aucWithout)).map(({ field, left_out, reasons }) => [
      field,
      [left_out, ...reasons.map(({ rule }) => rule)],
    ]),
  );

describe('names of what is known after the close', () => {
  test.each([
    'close_date',
    'ClosedWonReason',
    'Closed Lost Reason',
    'Days to close',
    'lost_reason',
    'opportunity.loss_reason',
    'Loss Reason',
    'deal_stage',
    'opportunity.stage',
    'Sales Stage Change Count',
    'Elapsed Days In Sales Stage',
    'Total Days Identified Through Closing',
    'Ratio Days Qualified To Total Days',
    'Probability',
    'win_probability',
    'ForecastCategory',
    'Expected Revenue',
    'amount_paid',
    'total_pymnt',
    'last_payment_date',
    'contract_signed',
    'ConvertedDate',
    'converted_account_id',
    'call_duration',
    'Duration of last call',
    'Churn Reason',
    'closedate',
    'dealstage',
    'hs_date_entered_closedwon',
    'hs_forecast_amount',
    'IsWon',
    'StageName',
    'Loss_Reason__c',
    'Fiscal Period',
  ])('%s', (name) => expect(nameVerdict(name)).toBe('after'));

  test.each(['duration', 'duration_seconds', 'Tags', 'Lead Quality', 'Last Notable Activity', 'lead_status', 'Final amount'])(
    '%s may be one',
    (name) => expect(nameVerdict(name)).toBe('may_be'),
  );

  test.each([
    'industry',
    'employees',
    'duration_in_month',
    'disclosed_revenue',
    'closest_office',
    'capital-loss',
    'disease stage',
    'lead_source',
    'account.country',
    'Total Time Spent on Website',
    'previous',
    'campaign',
    'credit_history',
    'wonder',
    'engage_date',
    'fiscal_year_end',
    'payment_terms',
    'status',
    'amount',
    'funding stage',
    'Competitor Type',
    'Revenue From Client Past Two Years',
  ])('%s is none', (name) => expect(nameVerdict(name)).toBeNull());
});

describe('leaks', () => {
  test('a name that says so is enough; one that may say so needs figures', async () => {
    expect(await rules([suspect('close_reason', { auc: 0.5 }), suspect('duration'), suspect('last activity', { auc: 0.75 })])).toEqual({
      close_reason: [true, 'known_after_close'],
      'last activity': [true, 'known_after_close'],
    });
  });

  test('an area above .95, and an information value above 2 and what chance gives a field of so many bins', async () => {
    const few = { won: 12, lost: 40 };
    expect(
      await rules([
        suspect('a', { auc: 0.951 }),
        suspect('b', { auc: 0.95, information_value: 2 }),
        suspect('c', { information_value: 2.1 }),
      ]),
    ).toEqual({
      a: [true, 'single_field_auc'],
      c: [true, 'information_value'],
    });
    expect(await rules([suspect('c', { information_value: 2.9, bins: 10 })], few)).toEqual({});
  });

  test('a field that closes half of the gap which all others leave', async () => {
    const areas = (without: readonly string[]) => (without.includes('length') ? 0.79 : without.includes('budget') ? 0.9 : 0.93);
    const strong = [suspect('length', { auc: 0.82 }), suspect('budget', { auc: 0.8 }), suspect('weak', { auc: 0.69 })];
    expect(await rules(strong, TOTALS, areas)).toEqual({ length: [true, 'holds_the_lift'] });
    expect(await rules(strong, TOTALS, () => null)).toEqual({});
  });

  test('and what one leak holds is not hidden by another whose name tells', async () => {
    const areas = (without: readonly string[]) => (['length', 'close_reason'].every((name) => without.includes(name)) ? 0.7 : 0.95);
    expect(await rules([suspect('length', { auc: 0.82 }), suspect('close_reason', { auc: 0.9 })], TOTALS, areas)).toEqual({
      length: [true, 'holds_the_lift'],
      close_reason: [true, 'known_after_close'],
    });
  });

  test('what a few deals in many bins have by chance is no leak', async () => {
    const noise = suspect('employees', { auc: 0.82, information_value: 0.84, bins: 10 });
    const areas = (without: readonly string[]) => (without.includes('employees') ? 0.76 : 0.94);
    expect(await rules([noise], { won: 10, lost: 30 }, areas)).toEqual({});
    expect(await rules([noise], TOTALS, areas)).toEqual({ employees: [true, 'holds_the_lift'] });
  });

  test('gaps that go with the outcome are told, and the field stays in the fit', async () => {
    const found = await findLeaks(
      [
        suspect('filled_by_sales', { missing: { won: 10, lost: 400 } }),
        suspect('a_little', { missing: { won: 100, lost: 360 } }),
        suspect('at_random', { missing: { won: 50, lost: 150 } }),
        suspect('never', { missing: { won: 250, lost: 750 } }),
      ],
      TOTALS,
      () => null,
    );
    expect(found.map(({ field, left_out, reasons }) => [field, left_out, reasons[0]?.rule, reasons[0]?.text])).toEqual([
      [
        'filled_by_sales',
        false,
        'missing_tracks_outcome',
        'Whether it is filled goes with the outcome: it is empty in 4 % of won and 53.3 % of lost deals. It may be filled in as deals are worked.',
      ],
    ]);
  });

  test('a field that no deal of one outcome has is left out', async () => {
    const found = await rules([
      suspect('body', { missing: { won: 250, lost: 650 } }),
      suspect('boat', { missing: { won: 250, lost: 600 } }),
      suspect('few', { missing: { won: 250, lost: 720 } }),
    ]);
    expect(found).toEqual({
      body: [true, 'missing_decides_outcome', 'missing_tracks_outcome'],
      boat: [true, 'missing_decides_outcome', 'missing_tracks_outcome'],
    });
  });

  test('with few wins or losses only names are read', async () => {
    const all = [
      suspect('x', { auc: 1, information_value: 9, missing: { won: 0, lost: 20 } }),
      suspect('tags', { auc: 1 }),
      suspect('close_date'),
    ];
    expect(await rules(all, { won: 9, lost: 700 }, () => 1)).toEqual({ close_date: [true, 'known_after_close'] });
    expect(await rules([], { won: 0, lost: 0 })).toEqual({});
    expect(await rules([suspect('none', { auc: null, information_value: null, bins: 0 })], { won: 0, lost: 0 })).toEqual({});
  });
});
