import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterEdges } from '../../src/identity/core/cluster.ts';
import { cellsOf, columnsFor, suppressedByKind } from '../../src/identity/core/entity-columns.ts';
import { estimatedSize } from '../../src/identity/core/estimated-size.ts';
import { identifierValue } from '../../src/identity/core/identifier-value.ts';
import { countPeople, peopleStatistics } from '../../src/identity/core/people-counts.ts';
import { decidePerson } from '../../src/identity/core/person-decision.ts';
import { derivedId } from '../../src/kernel/ids.ts';

const SEED = 20_261_122;

/** Clusters of records between which all pairs not named are unlikely. */
function clustersOf(
  size: number,
  pairs: readonly (readonly [number, number, number])[],
  known: Partial<Parameters<typeof clusterEdges>[3]>,
) {
  const edges = {
    a: Int32Array.from(pairs, ([a]) => a),
    b: Int32Array.from(pairs, ([, b]) => b),
    evidence: Float32Array.from(pairs, ([, , bits]) => bits),
    length: pairs.length,
  };
  const bits = (a: number, b: number) => pairs.find(([x, y]) => x === Math.min(a, b) && y === Math.max(a, b))?.[2] ?? -8;
  const options = { largest: 100, acceptBits: 2, joinBits: -2, score: bits, ...known };
  return [...clusterEdges(size, edges, (e) => edges.evidence[e] ?? 0, options)];
}

describe('clusters of what is known', () => {
  it('join what is decided to be one, and part what is decided not to be', () => {
    const apart = (...pairs: [number, number][]) => ({
      apartFrom: (record: number) => pairs.flatMap(([a, b]) => (a === record ? [b] : b === record ? [a] : [])),
    });
    expect(clustersOf(2, [[0, 1, 12]], {})).toEqual([0, 0]);
    expect(clustersOf(2, [[0, 1, 12]], apart([0, 1]))).toEqual([0, 1]);
    expect(clustersOf(2, [[0, 1, 12]], { ...apart([0, 1]), together: [] })).toEqual([0, 1]);
    expect(clustersOf(2, [], { together: [[0, 1]] })).toEqual([0, 0]);
    // what is joined to one that is apart goes to the nearer
    const [a, b, c] = clustersOf(
      3,
      [
        [0, 1, 9],
        [1, 2, 12],
      ],
      apart([0, 2]),
    );
    expect([a === b, b === c]).toEqual([false, true]);
    // what a person joined keeps what each of the two is held apart from
    expect(clustersOf(3, [[1, 2, 12]], { together: [[0, 1]], ...apart([0, 2]) })).toEqual([0, 0, 2]);
  });

  it('are the same when some of them are known from before', () => {
    const pair = fc.tuple(fc.nat(11), fc.nat(11), fc.double({ min: -6, max: 14, noNaN: true }));
    const world = fc.tuple(fc.array(pair, { maxLength: 40 }), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }));
    fc.assert(
      fc.property(world, ([given, isKnown]) => {
        const seen = new Map(given.flatMap(([a, b, bits]) => (a === b ? [] : [[`${Math.min(a, b)} ${Math.max(a, b)}`, bits] as const])));
        const pairs = [...seen].map(([key, bits]) => [...key.split(' ').map(Number), bits] as unknown as readonly [number, number, number]);
        const whole = clustersOf(12, pairs, { together: [] });
        const together = whole.flatMap((root, i) => (root !== i && isKnown[root] === true ? [[root, i] as const] : []));
        expect(clustersOf(12, pairs, { together })).toEqual(whole);
      }),
      { numRuns: 300, seed: SEED },
    );
  });
});

describe('an identifier that tells nobody apart', () => {
  it('is blank in whatever form it stands', () => {
    const columns = columnsFor('person', new Set(['email', 'phone', 'mobile_phone', 'company_domain', 'linkedin_url', 'title']));
    expect(columns.map(({ kind }) => kind)).toEqual(['email', 'phone', 'phone', 'domain', 'identifier']);
    const suppressed = suppressedByKind([
      { kind: 'email', value: identifierValue('email', 'Sales+uk@Acme.com') ?? '' },
      { kind: 'phone', value: identifierValue('phone', '+49 30 5550 1820') ?? '' },
      { kind: 'domain', value: identifierValue('domain', 'www.agency.example') ?? '' },
    ]);
    const fields = {
      email: 'sales@acme.com',
      phone: '(030) 5550-1820',
      mobile_phone: '+49 171 5550100',
      company_domain: 'agency.example',
      linkedin_url: 'https://www.linkedin.com/in/Ada-L/?x=1',
    };
    expect(cellsOf(columns, fields, suppressed, null)).toEqual(['', '', '+49 171 5550100', '', 'ada-l']);
    expect(cellsOf(columns, { email: 7, phone: null }, suppressed, null)).toEqual(['', '', '', '', '']);
    // a number without a country code is of the country of its record, else of the one given
    const phone = (fields: Record<string, string>, home: string | null, of = suppressed) => cellsOf(columns, fields, of, home)[1];
    expect(phone({ phone: '030 515278' }, 'de')).toBe('+4930515278');
    expect(phone({ phone: '030 515278' }, null)).toBe('030 515278');
    expect(phone({ phone: '030 515278', country: 'at' }, 'de')).toBe('030 515278');
    expect(phone({ phone: '+43 1 515278' }, 'de')).toBe('+431515278');
    expect(phone({ phone: 'call me' }, 'de')).toBe('call me');
    for (const value of ['30515278', '930515278'])
      expect(phone({ phone: '030 515278' }, 'de', suppressedByKind([{ kind: 'phone', value }]))).toBe('');
    for (const kind of ['email', 'phone', 'domain'] as const) expect(identifierValue(kind, '…')).toBeNull();
  });
});

describe('the size of a workspace', () => {
  it('shows in the ids of the first rows', () => {
    const ids = Array.from({ length: 50_000 }, (_, i) => derivedId('person', 'email', `p${i}@acme.com`)).sort();
    expect(estimatedSize(ids.slice(0, 2000), 2000)).toBeGreaterThan(46_000);
    expect(estimatedSize(ids.slice(0, 2000), 2000)).toBeLessThan(54_000);
    expect(estimatedSize(ids.slice(0, 1999), 2000)).toBe(1999);
    expect(estimatedSize([], 2000)).toBe(0);
  });
});

describe('the person that a lead is', () => {
  const kinds = ['first_name', 'last_name', 'email', 'phone'] as const;
  const sample = Array.from({ length: 1000 }, (_, i) => [`Given${i % 90}`, `Family${i}`, `p${i}@corp${i % 300}.example`, '']);
  const statistics = peopleStatistics(countPeople(kinds, sample, 20_000));
  const values = (...cells: string[]) => cells.flatMap((cell, i) => (cell === '' ? [] : [[kinds[i] ?? 'text', cell] as const]));
  const lead = values('Ada', 'Lovelace', 'ada@gmail.com', '+44 20 7946 0958');

  it('is who has the address, else whom the evidence shows, else nobody', () => {
    const named = { id: 'b', values: values('Ada', 'Lovelace', 'ada@engine.example', '+442079460958'), hasAddress: false };
    const same = { id: 'a', values: values('A', 'Byron', 'ada@gmail.com', ''), hasAddress: true };
    expect(decidePerson(lead, [named, same], statistics)).toMatchObject({
      decision: 'match',
      entity: 'a',
      rule: 'same_address',
      runner_up: { entity: 'b' },
    });
    expect(decidePerson(lead, [named], statistics)).toMatchObject({ decision: 'match', entity: 'b', rule: 'evidence', margin: null });
    expect(decidePerson(lead, [named, { ...named, id: 'c' }], statistics)).toMatchObject({ decision: 'review', entity: 'b', margin: 0 });
    const other = { id: 'd', values: values('Ada', 'Newton', 'ada@apple.example', ''), hasAddress: false };
    expect(decidePerson(lead, [other], statistics)).toMatchObject({ decision: 'none', entity: null, rule: 'none' });
    expect(decidePerson(lead, [], statistics)).toMatchObject({ decision: 'none', evidence: [], runner_up: null });
  });

  it('does not depend on the order of the candidates, and adds up', () => {
    const candidates = ['Lovelace', 'Lovlace', 'Lovelady', 'Newton'].map((family, i) => ({
      id: `n${i}`,
      values: values('Ada', family, `a${i}@x.example`, i % 2 === 0 ? '+442079460958' : ''),
      hasAddress: false,
    }));
    const decided = decidePerson(lead, candidates, statistics);
    expect(decidePerson(lead, [...candidates].reverse(), statistics)).toEqual(decided);
    expect(decided.evidence.reduce((sum, { bits }) => sum + bits, decided.prior)).toBeCloseTo(decided.bits, 6);
  });
});
