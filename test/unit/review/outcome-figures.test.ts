import { describe, expect, it } from 'vitest';
import { analyseOutcomes } from '../../../src/review/core/analyse-outcomes.ts';
import { countCodes } from '../../../src/review/core/counts.ts';
import { crossValidate } from '../../../src/review/core/cross-validate.ts';
import { codedTable } from '../../../src/review/core/outcome-table.ts';
import { informationValue } from '../../../src/review/core/woe.ts';
import { germanOutcomes, nullOutcomes, sharedOutcomes } from '../../support/outcome-sets.ts';

const folder = sharedOutcomes() ?? '';

describe.skipIf(folder === '')('public sets of outcomes (not there: set SAMEPAGE_SHARED_DATA)', () => {
  it('have the raw information values that were published', () => {
    const { fields, won } = codedTable(germanOutcomes(folder));
    const raw = (name: string) => {
      const field = fields.find((one) => one.name === name);
      if (field === undefined) throw new Error(name);
      const { n, won: wins } = countCodes(field, won);
      const seen = [...n.keys()].filter((code) => (n[code] ?? 0) > 0);
      return informationValue(
        Int32Array.from(seen, (code) => n[code] ?? 0),
        Int32Array.from(seen, (code) => wins[code] ?? 0),
        0,
      );
    };
    expect(raw('status_of_existing_checking_account')).toBeCloseTo(0.666012, 6);
    expect(raw('credit_history')).toBeCloseTo(0.293235, 5);
    expect(raw('savings_account_and_bonds')).toBeCloseTo(0.19601, 5);
    expect(raw('purpose')).toBeCloseTo(0.169195, 6);
    expect(raw('property')).toBeCloseTo(0.112638, 6);
  });

  it('give the areas of the reference, and of whole points no less', async () => {
    const figures = await crossValidate(codedTable(germanOutcomes(folder)), 'german');
    expect(figures?.naive_bayes.auc).toBeCloseTo(0.779, 3);
    expect(figures?.logistic.auc).toBeCloseTo(0.7791, 3);
    expect(figures?.rubric.auc).toBeGreaterThanOrEqual(0.7757);
  });

  it('yield no proposal and no rubric where there is no signal', async () => {
    const { proposals, rubric, tested, no_proposals } = await analyseOutcomes(nullOutcomes(folder));
    expect({ proposals, rubric, below_q: tested.below_q, code: no_proposals?.code }).toEqual({
      proposals: [],
      rubric: null,
      below_q: 0,
      code: 'no_signal',
    });
  });
});
