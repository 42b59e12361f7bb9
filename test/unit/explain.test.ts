import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appliesTo } from '../../src/definitions/core/rubric.ts';
import { candidateValues } from '../../src/scoring/core/candidate-values.ts';
import { explain, fieldsRead } from '../../src/scoring/core/explain.ts';
import { isSealed, sealReceipt } from '../../src/scoring/core/receipt.ts';
import { addCounts, boundsOf, NOTHING, type PartCounts, partOf } from '../../src/scoring/core/rescore-plan.ts';
import { type Outcome, unknownFields } from '../../src/scoring/unknown-fields.ts';
import { caseBatch } from '../support/arbitraries.ts';
import { nodesOf, rowsOf, subjectsOf } from '../support/case-batch.ts';
import { scoreByOracle } from '../support/oracle.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

describe('explain', () => {
  it('parts, caps and the clamp always sum to the score', () => {
    fc.assert(
      fc.property(caseBatch, (batch) => {
        for (const { subject } of subjectsOf(rowsOf(nodesOf(batch)))) {
          const oracle = scoreByOracle(batch.rubric, subject, batch.asOfDay);
          const explanation = explain(batch.rubric, subject.kind, oracle);
          const parts = sum(explanation.parts.map((part) => part.points));
          const caps = sum(explanation.groups.map((group) => group.adjustment));
          expect(parts + caps + explanation.clamp).toBe(oracle.score);
          for (const group of explanation.groups) {
            expect(group.adjustment).toBeLessThanOrEqual(0);
            expect(group).toMatchObject({ sum: oracle.groups[group.group]?.sum, points: oracle.groups[group.group]?.points });
          }
          expect(explanation.coverage.decided).toBeLessThanOrEqual(explanation.coverage.of);
          expect(explanation.parts).toHaveLength(batch.rubric.criteria.filter((criterion) => appliesTo(criterion, subject.kind)).length);
        }
      }),
      { numRuns: 40, seed: 4 },
    );
  });
});

describe('candidate values', () => {
  it('no value of a number scores otherwise than one of the candidates', () => {
    fc.assert(
      fc.property(caseBatch, fc.integer({ min: -10, max: 6000 }), (batch, value) => {
        const fields = fieldsRead(batch.rubric, 'account').filter((field) =>
          candidateValues(batch.rubric, field).some((v) => typeof v === 'number'),
        );
        for (const field of fields) {
          const candidates = candidateValues(batch.rubric, field);
          if (candidates.length >= 40) continue;
          const key = field.slice('account.'.length);
          const score = (v: unknown) =>
            scoreByOracle(
              batch.rubric,
              { kind: 'account', accountFields: { [key]: v }, personFields: {}, events: [] },
              batch.asOfDay,
            ).points.join();
          expect(candidates.map(score)).toContain(score(value));
        }
      }),
      { numRuns: 60, seed: 9 },
    );
  });
});

describe('receipts', () => {
  const content = {
    v: 1 as const,
    kind: 'account' as const,
    subject_id: '00000000-0000-8000-8000-000000000001',
    rubric: 'a'.repeat(64),
    taxonomy: 'b'.repeat(64),
    as_of: '2026-03-02',
    known_at: '2026-03-02T09:00:00.000Z',
    result: { score: 5, tier: 'C' as const, heat: 'cold' as const, points: [5, 0], unknown: 2, disqualified: 0 },
  };
  it('the order of keys does not matter, any value does', () => {
    const sealed = sealReceipt(content);
    expect(isSealed(sealed)).toBe(true);
    expect(isSealed(JSON.parse(JSON.stringify({ digest: sealed.digest, ...content })))).toBe(true);
    expect(isSealed({ ...sealed, as_of: '2026-03-03' })).toBe(false);
    expect(isSealed({ ...sealed, result: { ...sealed.result, points: [0, 5] } })).toBe(false);
  });
});

describe('parts of a run', () => {
  it('every id falls into exactly the part whose bounds hold it', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 200 }), (id, parts) => {
        const holding = Array.from({ length: parts }, (_, part) => part).filter((part) => {
          const { from, to } = boundsOf(part, parts);
          return (from === undefined || id >= from) && (to === undefined || id < to);
        });
        expect(holding).toEqual([partOf(id, parts)]);
      }),
      { seed: 1 },
    );
  });

  it('counts add up in any order', () => {
    const part = (n: number): PartCounts => ({
      subjects: n,
      created: 1,
      replaced: 2,
      tiers: { A: n, [n % 2 === 0 ? 'B' : 'C']: 1 },
      moves: [{ from: 'A', to: 'B', reason: 'c0', n, examples: [`id-${n}`] }],
    });
    const parts = [part(1), part(2), part(3), part(4)];
    const forward = parts.reduce(addCounts, NOTHING);
    expect([...parts].reverse().reduce(addCounts, NOTHING)).toEqual(forward);
    expect(forward).toMatchObject({
      subjects: 10,
      created: 4,
      tiers: { A: 10, B: 2, C: 2 },
      moves: [{ n: 10, examples: ['id-1', 'id-2', 'id-3'] }],
    });
  });
});

describe('the range of an unknown field', () => {
  const outcome = (score: number, tier: Outcome['tier']): Outcome => ({ value: score, score, tier });
  const now = { score: 41, tier: 'disqualified' as const, heat: 'cold' as const, points: [], unknown: 0, disqualified: 1 };

  it('goes from the lowest score to the highest, also of whoever is disqualified', () => {
    const trials = new Map([['account.annual_revenue', [43, 46, 42, 38].map((score) => outcome(score, 'disqualified'))]]);
    expect(unknownFields(trials, now)).toMatchObject([{ best: { score: 46 }, worst: { score: 38 }, couldChangeTier: false }]);
  });

  it('has being disqualified for its worst', () => {
    const trials = new Map([['account.country', [outcome(80, 'disqualified'), outcome(50, 'B'), outcome(20, 'C')]]]);
    expect(unknownFields(trials, { ...now, tier: 'B', disqualified: 0 })).toMatchObject([
      { best: { score: 50 }, worst: { tier: 'disqualified' }, couldChangeTier: true },
    ]);
  });
});
