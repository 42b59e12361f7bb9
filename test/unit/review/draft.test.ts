import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Icp } from '../../../src/definitions/core/icp.ts';
import { applyChanges } from '../../../src/definitions/core/patch.ts';
import type { PredicateDocument } from '../../../src/definitions/core/predicate.ts';
import { type Rubric, rubricDocument } from '../../../src/definitions/core/rubric.ts';
import type { Bin, IcpAnalysis, LevelResult, Proposal } from '../../../src/review/core/analysis.ts';
import { icpEdits } from '../../../src/review/core/draft-icp.ts';
import { changesOf, type DraftLine, draftLines, MOST_CHANGE, membership } from '../../../src/review/core/draft-lines.ts';
import { movedTiers, scoresOf, tierMoves } from '../../../src/review/core/draft-tiers.ts';
import { fieldColumns, type KnownColumn } from '../../../src/review/core/known-columns.ts';
import { type Meaning, predicateOf } from '../../../src/review/core/outcome-fields.ts';
import { rubric as smallRubric } from '../../support/small-world.ts';

const RUBRIC = rubricDocument.parse(smallRubric);
const INDUSTRIES = ['fintech', 'retail', 'software'];
const label = { label: 'Industry' };

function level(name: string): Bin {
  return { kind: 'level', label: name, level: name };
}

function proposal(bin: Bin, direction: Proposal['direction'], field = 'account.industry'): Proposal {
  const evidence = { field, field_label: 'Industry', bin, n: 10, won: 5 } as LevelResult;
  return { field, ...label, bin, direction, points: 0, evidence, text: `${bin.label} wins ${direction}` };
}

/** Of ten deals of each industry, with the points that the fit gives each; another field has the rest of the span. */
function analysisOf(points: Record<string, number>, proposals: Proposal[], span: number): IcpAnalysis {
  const levels = Object.entries(points).map(([name, worth]) => ({ bin: level(name), points: worth, n: 10, won: 5 }));
  const most = Math.max(...Object.values(points));
  const field = { field: 'account.industry', ...label, least: 0, most, levels, otherwise: 0 };
  const rest = { field: 'account.region', label: 'Region', least: most - span, most: 0, levels: [], otherwise: 0 };
  return {
    proposals,
    rubric: { fields: [field, rest], tiers: { A: 70, B: 45 }, at_ends: { at_0: 0, at_100: 0 }, auc: 0.6, auc_fit: 0.6 },
  } as unknown as IcpAnalysis;
}

const VALUES = INDUSTRIES.flatMap((name) => Array.from({ length: 10 }, () => name));
const COLUMNS: KnownColumn[] = fieldColumns(
  { name: 'account.industry', key: 'industry', ...label, entity: 'account', kind: 'keyword' },
  VALUES,
);
/** The small rubric gives software and fintech 20 points, by its first criterion. */
const EARNED = VALUES.map((name) => [name === 'retail' ? 0 : 20, 0, 0, 0, 0, 0]);

describe('lines of a draft', () => {
  const lines = (points: Record<string, number>, proposals: Proposal[], rubric = RUBRIC, span = 100) =>
    draftLines({ analysis: analysisOf(points, proposals, span), columns: COLUMNS, rubric, points: EARNED });

  it('move what such deals earn towards the evidence, a few points at a time', () => {
    const found = lines({ fintech: 0, retail: 40, software: 20 }, [proposal(level('retail'), 'more'), proposal(level('fintech'), 'less')]);
    // retail earns 13.3 less than the average deal and deserves 20 more; fintech earns 6.7 more and deserves 20 less
    expect(found.unwritten).toEqual([]);
    expect(found.lines.map(({ id, group, before, after, earned, deserved }) => ({ id, group, before, after, earned, deserved }))).toEqual([
      { id: 'industry_retail', group: 'fit', before: 0, after: MOST_CHANGE, earned: -13.3, deserved: 20 },
      { id: 'industry_fintech', group: 'fit', before: 0, after: -MOST_CHANGE, earned: 6.7, deserved: -20 },
    ]);
    const { document, problems } = applyChanges(RUBRIC, changesOf(found.lines, RUBRIC));
    expect(problems).toEqual([]);
    expect((document as Rubric).criteria.at(-1)).toEqual({
      id: 'industry_fintech',
      group: 'fit',
      when: { field: 'account.industry', eq: 'fintech' },
      points: -5,
    });
  });

  it('have the same worth where the points of the analysis are spread wider', () => {
    const { lines: found } = lines({ fintech: 0, retail: 80, software: 40 }, [proposal(level('retail'), 'more')], RUBRIC, 200);
    expect(found.map(({ earned, deserved }) => ({ earned, deserved }))).toEqual([{ earned: -13.3, deserved: 20 }]);
  });

  it('go on with the criterion of the quarter before, and end it where it comes back to 0', () => {
    const own = { id: 'retail', group: 'fit', when: { field: 'account.industry', eq: 'retail' }, points: 5 };
    const rubric = { ...RUBRIC, criteria: [...RUBRIC.criteria, own] };
    const more = lines({ fintech: 0, retail: 40, software: 20 }, [proposal(level('retail'), 'more')], rubric);
    expect(changesOf(more.lines, rubric)).toEqual([{ path: 'criteria.retail.points', value: 10 }]);
    const less = lines({ fintech: 90, retail: 0, software: 90 }, [proposal(level('retail'), 'less')], rubric);
    expect(changesOf(less.lines, rubric)).toEqual([{ path: 'criteria.retail' }]);
  });

  it('are not written for what is counted already, cannot be said, or has no room', () => {
    const counted = lines({ fintech: 20, retail: 0, software: 20 }, [proposal(level('software'), 'more')]);
    expect(counted).toMatchObject({ lines: [], unwritten: [{ reason: expect.stringContaining('already') }] });
    const rare = lines({ fintech: 0 }, [
      proposal({ kind: 'other', label: 'OTHER' }, 'more'),
      proposal({ kind: 'missing', label: 'none' }, 'less'),
    ]);
    expect(rare.unwritten.map(({ reason }) => reason)).toEqual([expect.stringContaining('rare'), expect.stringContaining('unknown field')]);
    const full = {
      ...RUBRIC,
      criteria: Array.from({ length: 50 }, (_, i) => ({ ...(RUBRIC.criteria[0] as Rubric['criteria'][number]), id: `c${i}` })),
    };
    expect(lines({ fintech: 0, retail: 40, software: 20 }, [proposal(level('retail'), 'more')], full).unwritten[0]?.reason).toContain('50');
    const unfit = lines({ fintech: 0, retail: 0, software: 0 }, [proposal(level('retail'), 'more')]);
    expect(unfit.unwritten[0]?.reason).toContain('another field');
  });
});

describe('a bin as a predicate', () => {
  /** What a predicate of ranges says of a number. */
  const holds = (p: PredicateDocument, value: number): boolean => {
    if (p.all !== undefined) return p.all.every((part) => holds(part, value));
    if (p.not !== undefined) return !holds(p.not, value);
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = p.range ?? {};
    return Number(min) <= value && value <= Number(max);
  };

  it('holds of exactly the values in it', () => {
    const bound = fc.option(fc.double({ min: -1000, max: 1000, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(bound, bound, fc.double({ min: -2000, max: 2000, noNaN: true }), fc.boolean(), (a, b, given, isWhole) => {
        const [above, to] = a !== null && b !== null && a > b ? [b, a] : [a, b];
        const value = isWhole ? Math.round(given) : given;
        const meaning: Meaning = { kind: isWhole ? 'integer' : 'number', field: 'account.employees' };
        const when = predicateOf(meaning, { kind: 'range', above, to });
        if (above === null && to === null) return when === undefined;
        const column = { name: 'n', label: 'n', type: 'number' as const, values: Float64Array.of(value) };
        return when !== undefined && holds(when, value) === membership(column, { kind: 'range', label: '', above, to })(0);
      }),
      { seed: 20_261_123, numRuns: 500 },
    );
  });
});

describe('thresholds by capacity', () => {
  const scores = (...list: number[]) => {
    const found = new Map<number, number>();
    for (const score of list) found.set(score, (found.get(score) ?? 0) + 1);
    return found;
  };

  it('keep as many records in each tier, within five points', () => {
    const before = scores(80, 72, 50, 46, 10);
    expect(movedTiers(before, scores(83, 75, 53, 49, 13), { A: 70, B: 45 }, 100)).toEqual({ A: 70, B: 45 });
    expect(movedTiers(before, scores(77, 68, 50, 42, 10), { A: 70, B: 45 }, 100)).toEqual({ A: 68, B: 42 });
    expect(movedTiers(before, scores(30, 20), { A: 70, B: 45 }, 100)).toEqual({ A: 70, B: 45 });
  });

  it('stay in order whatever the scores', () => {
    const list = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 });
    fc.assert(
      fc.property(list, list, fc.integer({ min: 2, max: 100 }), fc.integer({ min: 1, max: 99 }), (current, draft, a, b) => {
        fc.pre(a > b);
        const { A, B } = movedTiers(scores(...current), scores(...draft), { A: a, B: b }, 100);
        return A > B && B > 0 && A <= 100 && Math.abs(A - a) <= 5;
      }),
      { seed: 20_261_123 },
    );
  });
});

describe('edits of the profile', () => {
  const icp = {
    kind: 'icp',
    segments: [
      {
        id: 'core',
        label: 'Core',
        when: {
          all: [
            { field: 'account.industry', in: ['software', 'fintech'] },
            { field: 'account.employees', range: { min: 50 } },
          ],
        },
      },
      { id: 'wide', label: 'Wide', when: { field: 'account.industry', in: ['banking'] } },
    ],
    firmographics: [{ field: 'account.industry', required: true, values: ['software', 'fintech', 'banking'] }],
    buying_group: [{ role: 'champion', when: { field: 'person.seniority', exists: true }, required: true, weight: 1 }],
  } as Icp;
  const line = (field: string, value: string, after: number): DraftLine => ({
    proposal: proposal(level(value), after > 0 ? 'more' : 'less', field),
    id: value,
    group: 'fit',
    when: { field, eq: value },
    before: 0,
    after,
    earned: 0,
    deserved: after,
  });

  it('let a value that wins in at the end, one that loses out, and say why', () => {
    const edits = icpEdits(
      [line('account.industry', 'retail', 5), line('account.industry', 'fintech', -5), line('account.industry', 'banking', -5)],
      icp,
    );
    expect(edits.map(({ change }) => change)).toEqual([
      { path: 'segments.wide.when', value: { field: 'account.industry', in: ['retail'] } },
      {
        path: 'segments.core.when',
        value: {
          all: [
            { field: 'account.industry', in: ['software'] },
            { field: 'account.employees', range: { min: 50 } },
          ],
        },
      },
      { path: 'firmographics.account.industry.values', value: ['software', 'fintech', 'banking', 'retail'] },
    ]);
    expect(edits[0]?.why).toContain('retail wins more');
    expect(
      applyChanges(
        icp,
        edits.map(({ change }) => change),
      ).problems,
    ).toEqual([]);
  });

  it('never empty a segment, and name a field that the profile did not', () => {
    const edits = icpEdits(
      [line('account.industry', 'banking', -5), line('account.region', 'emea', 5), line('person.seniority', 'vp', 5)],
      icp,
    );
    expect(edits.map(({ change }) => change.path)).toEqual(['firmographics.account.region']);
    expect(
      applyChanges(
        icp,
        edits.map(({ change }) => change),
      ).problems,
    ).toEqual([]);
  });

  it('counts the records of today by score and by the tiers between which they move', () => {
    const pairs = [
      { of: 'lead', before: 72, after: 66, n: 3 },
      { of: 'lead', before: 75, after: 67, n: 2 },
      { of: 'account', before: 44, after: 46, n: 5 },
      { of: 'account', before: null, after: 80, n: 1 },
      { of: 'account', before: 80, after: 80, n: 7 },
      { of: 'account', before: 50, after: null, n: 4 },
    ] as const;
    expect([...scoresOf(pairs, 'after')]).toEqual([
      [66, 3],
      [67, 2],
      [46, 5],
      [80, 8],
    ]);
    expect(tierMoves(pairs, { before: { A: 70, B: 45 }, after: { A: 68, B: 45 } })).toEqual([
      { of: 'account', from: 'B', to: 'disqualified', n: 4 },
      { of: 'account', from: 'C', to: 'B', n: 5 },
      { of: 'account', from: 'disqualified', to: 'A', n: 1 },
      { of: 'lead', from: 'A', to: 'B', n: 5 },
    ]);
  });
});
