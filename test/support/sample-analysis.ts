import type { Bin, IcpAnalysis, LevelResult } from '../../src/review/core/analysis.ts';

const level = (text: string): Bin => ({ kind: 'level', label: text, level: text });

/** One of each kind of thing that an analysis may hold, about fields and levels of the names given. */
export function sampleAnalysis(field = 'industry', text = 'software'): IcpAnalysis {
  const one: LevelResult = {
    field,
    field_label: field,
    bin: level(text),
    n: 1200,
    won: 420,
    rate: 0.35,
    low: 0.3236,
    high: 0.3774,
    lift: 1.4,
    woe: 0.4811,
    test: 'chi_square',
    p: 0.00001,
    q: 0.0004,
    support: 'enough',
    detectable: 0.04,
    rows_needed: 180,
    sign_stability: 0.995,
    reversed: true,
  };
  const rare: LevelResult = {
    ...one,
    bin: { kind: 'missing', label: 'missing' },
    n: 12,
    won: 3,
    p: null,
    q: null,
    test: null,
    support: 'not_enough_data',
  };
  const estimate = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });
  const statement = (code: string, words: string) => ({ code, subject: field, text: words });
  return {
    refused: null,
    digest: 'ab'.repeat(32),
    counts: { rows: 4800, won: 1200, lost: 3600, base_rate: 0.25, from: '2025-01-02', to: '2026-06-30' },
    settings: { q: 0.1, support: { rows: 50, won: 10, lost: 10 } },
    tested: { levels: 1, below_05: 1, below_q: 1 },
    fields: [
      {
        field,
        label: field,
        type: 'level',
        distinct: 8,
        missing: 12,
        information_value: 0.1123,
        auc: 0.611,
        use: 'kept',
        reason: null,
        coefficient: 0.98,
        sign_stability: 0.99,
      },
    ],
    levels: [one, rare],
    rubric: {
      fields: [{ field, label: field, least: 0, most: 100, otherwise: 3, levels: [{ bin: level(text), points: 100, n: 1200, won: 420 }] }],
      tiers: { A: 70, B: 45 },
      at_ends: { at_0: 0, at_100: 0 },
      auc: 0.6812,
      auc_fit: 0.6815,
    },
    proposals: [
      {
        field,
        label: field,
        bin: level(text),
        direction: 'more',
        points: 100,
        evidence: one,
        text: `${field}: ${text} is won more often.`,
      },
    ],
    no_proposals: null,
    held_back: [statement('unstable', `${field}: ${text} is not stable.`)],
    leaks: [
      {
        field,
        label: field,
        left_out: true,
        reasons: [{ rule: 'single_field_auc', figure: 0.98, limit: 0.95, text: `${field} alone has an AUC of 0.98.` }],
      },
    ],
    reversals: [
      {
        field,
        bin: level(text),
        strata: 'segment',
        crude: estimate(1.6),
        adjusted: estimate(0.7),
        by_stratum: [{ stratum: text, n: 100, won: 30, others: 0, others_won: 0 }],
        text: `${field}: ${text} turns round.`,
      },
    ],
    backtest: {
      trained: { from: '2025-01-02', to: '2025-12-31', rows: 3600, won: 900 },
      tested: { from: '2026-01-01', to: '2026-05-31', rows: 1100, won: 280 },
      censored: { rows: 100, days: 30 },
      auc_new: estimate(0.68),
      auc_current: estimate(0.64),
      auc_difference: estimate(0.04),
      lift_top_tenth: 2.1,
      tiers: (['A', 'B', 'C'] as const).map((tier) => ({
        rubric: 'new',
        tier,
        n: 100,
        won: 30,
        rate: 0.3,
        low: 0.22,
        high: 0.4,
        lift: 1.2,
      })),
      migration: [
        { from: 'A', to: 'B', n: 12, won: 3 },
        { from: 'C', to: 'A', n: 40, won: 18 },
      ],
      capacity: [{ tier: 'A', current: 0.1, new: 0.12 }],
      calibration: [
        { n: 110, won: 12, predicted: 0.11, rate: 12 / 110 },
        { n: 110, won: 60, predicted: 0.52, rate: 60 / 110 },
      ],
      calibration_error: 0.013,
    },
    drift: [{ field, label: field, psi: 0.12, verdict: 'watch' }],
    power: [{ share: 0.2, n: 960, detectable: 0.045 }],
    cross_validation: {
      set: text,
      folds: [{ fold: 0, rows: 960, won: 240, naive_bayes: 0.67, logistic: null, rubric: 0.68 }],
      naive_bayes: { auc: 0.67, lift_top_tenth: 2, calibration_error: 0.02 },
      logistic: { auc: 0.6815, lift_top_tenth: 2.1, calibration_error: 0.01 },
      proposed: { auc: 0.679, lift_top_tenth: 2, calibration_error: 0.012 },
      rubric: { auc: 0.681, lift_top_tenth: 2.1, calibration_error: 0.011 },
    },
    untested: [statement('few_rows', `${field}: ${text} has too few deals.`)],
    limits: [statement('worked_leads', 'Only worked leads have outcomes.')],
  };
}
