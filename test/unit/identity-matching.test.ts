import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TableBuilder } from '../../src/identity/core/build-table.ts';
import type { Edges } from '../../src/identity/core/candidates.ts';
import { clusterEdges } from '../../src/identity/core/cluster.ts';
import { compareFamily, compareGiven, FAMILY, GIVEN } from '../../src/identity/core/compare-names.ts';
import { compareDates, compareIdentifiers, DATE, IDENTIFIER, isLocalTypo } from '../../src/identity/core/compare-values.ts';
import { explainPair } from '../../src/identity/core/explain.ts';
import { bitsOf, PEOPLE, SHIPPED } from '../../src/identity/core/model.ts';
import { canonicalOrder } from '../../src/identity/core/record-ids.ts';
import { type RecordValues, type Statistics, scorePair } from '../../src/identity/core/score-pair.ts';
import { stitchTable } from '../../src/identity/core/stitch.ts';
import { editsWithin, jaroWinkler } from '../../src/identity/core/text-distance.ts';
import { inventPeople, KINDS } from '../support/invent-records.ts';
import { partition } from '../support/partition.ts';

const SETTINGS = { seed: 4711, numRuns: 60 };

const people = inventPeople(120);
const largest = (clusters: readonly string[][]) => Math.max(...clusters.map((ids) => ids.length));

describe('a partition', () => {
  it('is the same for the same records in any order', () => {
    const wanted = partition(people);
    expect(wanted.length).toBeLessThan(people.length);
    fc.assert(
      fc.property(fc.shuffledSubarray(people, { minLength: people.length }), (rows) => {
        expect(partition(rows)).toEqual(wanted);
      }),
      { ...SETTINGS, numRuns: 12 },
    );
  });

  it('finds the people of an invented file', () => {
    const clusters = partition(people);
    const personOf = new Map(people.map(([id = '']) => [id, id.split('-')[0]]));
    for (const ids of clusters) expect(new Set(ids.map((id) => personOf.get(id))).size).toBe(1);
    expect(clusters.filter((ids) => ids.length > 1).length).toBeGreaterThanOrEqual(40);
  });

  it('leaves unrelated records alone', () => {
    const letters = (i: number) => `${'abcdefghij'[i % 10]}${'klmnopqr'[Math.floor(i / 10)]}`;
    const others = Array.from({ length: 80 }, (_, i) => [`x${i}`, letters(i).repeat(3), letters(79 - i).repeat(4), '', '', '', '']);
    const clusters = partition([...people, ...others]);
    for (const ids of clusters) expect(new Set(ids.map((id) => id.split('-')[0])).size).toBe(1);
    expect(clusters.filter((ids) => ids.length > 1).length).toBeGreaterThanOrEqual(38);
  });
});

describe('an adversary makes no false giant', () => {
  const rows = (n: number, cells: (i: number) => string[]) => Array.from({ length: n }, (_, i) => [`r${i}`, ...cells(i)]);
  const SYLLABLES = 'ba ke lo mir ton val zu hen dor pri sax gul fen wyn cot jar'.split(' ');
  const GIVEN_NAMES = 'Anna Bruno Clara Dmitri Edgar Farid Greta Hugo Ines Jonas Katja Lars'.split(' ');
  /** Names that are not alike. */
  const named = (i: number, salt: number) =>
    [1, 17, 241].map((step) => SYLLABLES[(i * step + (i >> 4) * 7 + salt * 5) % SYLLABLES.length]).join('') +
    (SYLLABLES[(i >> 3) % 16] ?? '');
  const spelled = (i: number) => [named(i * 3, 1), named(i * 7, 2)];

  it.each<[string, string[][]]>([
    ['one shared phone', rows(400, (i) => [...spelled(i), '', '+44 20 7946 0958', '', ''])],
    ['one role address', rows(400, (i) => [...spelled(i), 'info@acme.com', '', 'Acme', ''])],
    ['one shared address', rows(400, (i) => [...spelled(i), 'the.office@acme.com', '', 'Acme', ''])],
    ['one agency domain', rows(400, (i) => [...spelled(i), `${spelled(i).join('.')}@agency.com`, '', `Client ${i}`, ''])],
  ])('%s', (_, records) => {
    expect(largest(partition(records))).toBeLessThanOrEqual(2);
  });

  it.each<[string, (i: number) => string[]]>([
    ['one family', (i) => [GIVEN_NAMES[i % 12] ?? '', 'Kowalski', '', '+44 20 7946 0958', '', '']],
    ['few names', (i) => [GIVEN_NAMES[i % 5] ?? '', ['Kowalski', 'Nakamura'][i % 2] ?? '', '', '+44 20 7946 0958', 'Acme', 'Leeds']],
  ])('one phone of %s brings no two names together', (_, cells) => {
    const records = rows(100, cells);
    const nameOf = new Map(records.map(([id = '', given, family]) => [id, `${given} ${family}`]));
    expect(new Set(nameOf.values()).size).toBeGreaterThanOrEqual(10);
    for (const ids of partition(records)) expect(new Set(ids.map((id) => nameOf.get(id))).size).toBe(1);
  });

  it('many people with one name', () => {
    const records = rows(1500, (i) => ['John', 'Smith', i % 3 === 0 ? `john.smith@c${i}firm.com` : '', '', '', 'London']);
    expect(largest(partition([...records, ...people]))).toBeLessThanOrEqual(PEOPLE.largest);
  });

  it('records that say nothing', () => {
    const odd = ['', '-', 'n/a', '\u0000', '\ud800', 'ﷺ'.repeat(50), 'x'.repeat(10_000), '\u202eabc', 'é́́'];
    const records = odd.flatMap((text, i) =>
      [0, 1].map((k) => [`o${i}${k}`, text.slice(0, 0), '', k === 0 ? text : 'not an address', '', '', '']),
    );
    expect(largest(partition(records))).toBe(1);
  });

  it.each<[string, (i: number) => string[]]>([
    ['without names, each with an address', (i) => ['', '', `q${i}@z${i}.example`]],
    ['without names, with the addresses of an agency', (i) => ['', '', `q${i}@agency.example`]],
    ['with a first name alone', (i) => ['Ann', '', `q${i}@z${i}.example`]],
  ])('of many who share a switchboard %s', (_, said) => {
    const kinds = ['id', 'first_name', 'last_name', 'email', 'phone'] as const;
    const others = inventPeople(300).map(([id = '', given = '', family = ''], i) => [
      id,
      given,
      family,
      `u${i}@y${i}.example`,
      `+4940${2_000_000 + i * 3}`,
    ]);
    const many = Array.from({ length: 60 }, (__, i) => [`s${i}`, ...said(i), '+493012345000']);
    const alone = (ids: readonly string[]) => !ids.some((id) => id.startsWith('s')) || ids.length === 1;
    expect(partition([...others, ...many], kinds).every(alone)).toBe(true);
    const mails = [...others, ...many].map((row) => [row[0] ?? '', row[3] ?? '', row[4] ?? '']);
    expect(partition(mails, ['id', 'email', 'phone']).every(alone)).toBe(true);
    // who has an address of old, one at work and a private one is one still
    const one = ['ann.q@a.example', 'quist@b.example', 'aq@gmail.com'].map((mail, i) => [`t${i}`, '', '', mail, '+493055577']);
    expect(partition([...others, ...one], kinds)).toContainEqual(['t0', 't1', 't2']);
  });
});

describe('evidence', () => {
  const builder = new TableBuilder(KINDS.slice(1), KINDS.slice(1));
  for (const [, ...cells] of people) builder.add(cells);
  const { scorer, prior, model, table } = stitchTable(builder.finish(canonicalOrder(people.map((row) => row[0] ?? '')).order));
  const pair = fc.tuple(fc.nat(table.size - 1), fc.nat(table.size - 1)).filter(([a, b]) => a !== b);

  it('is the same both ways round', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(scorer.evidence(a, b)).toBe(scorer.evidence(b, a));
      }),
      { ...SETTINGS, numRuns: 500 },
    );
  });

  it('adds up, with the prior, to the bits', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const found = explainPair(scorer, model, prior, a, b);
        const sum = found.evidence.reduce((bits, one) => bits + Math.round(one.bits * 100), Math.round(found.prior * 100));
        expect(Math.round(found.bits * 100)).toBe(sum);
        expect(found.bits).toBeCloseTo(scorer.evidence(a, b) + prior, 0);
        expect(found.p).toBeGreaterThanOrEqual(0);
        expect(found.p).toBeLessThanOrEqual(1);
      }),
      { ...SETTINGS, numRuns: 300 },
    );
  });
});

describe('one pair of records', () => {
  const statistics: Statistics = { prior: -17, filled: () => 100_000, count: (_, value) => (value === 'smith' ? 1000 : 20) };
  const ada: RecordValues = [
    ['first_name', 'Ada'],
    ['last_name', 'Lovelace'],
    ['email', 'ada@analytical.com'],
  ];

  it('is weighed with what is known of all', () => {
    const same = scorePair(
      ada,
      [
        ['first_name', 'Ada'],
        ['last_name', 'Lovelace'],
        ['email', 'ada@analytical.com'],
      ],
      PEOPLE,
      statistics,
    );
    expect(same.decision).toBe('match');
    const smith = (given: string): RecordValues => [
      ['first_name', given],
      ['last_name', 'Smith'],
    ];
    expect(scorePair(smith('John'), smith('John'), PEOPLE, statistics).bits).toBeLessThan(
      scorePair(
        [
          ['first_name', 'John'],
          ['last_name', 'Lovelace'],
        ],
        [
          ['first_name', 'John'],
          ['last_name', 'Lovelace'],
        ],
        PEOPLE,
        statistics,
      ).bits,
    );
  });

  it('takes what is missing for nothing', () => {
    const found = scorePair(ada, [['last_name', 'Lovelace']], PEOPLE, statistics);
    expect(found.evidence.map(({ level }) => level)).toEqual(['exact']);
  });
});

describe('levels', () => {
  it.each<[string, string, number]>([
    ['william', 'bill', GIVEN.nickname],
    ['j', 'john', GIVEN.initial],
    ['john', 'jhon', GIVEN.typo],
    ['mary ann', 'mary', GIVEN.partial],
    ['john', 'peter', GIVEN.different],
  ])('of given names %s and %s', (a, b, level) => {
    expect(compareGiven(a, b)).toBe(level);
    expect(compareGiven(b, a)).toBe(level);
  });

  it.each<[string, string, number]>([
    ['oneil', 'o neil', FAMILY.exact],
    ['smith jones', 'jones', FAMILY.partial],
    ['smith', 'smyth', FAMILY.typo],
    ['smith', 'carter', FAMILY.different],
  ])('of family names %s and %s', (a, b, level) => {
    expect(compareFamily(a, b)).toBe(level);
    expect(compareFamily(b, a)).toBe(level);
  });

  it('of dates, identifiers and mailboxes', () => {
    expect(compareDates('19710624', '19710524')).toBe(DATE.typo);
    expect(compareDates('19710304', '19710403')).toBe(DATE.typo);
    expect(compareDates('19710000', '19710624')).toBe(DATE.year);
    expect(compareDates('19710624', '20010101')).toBe(DATE.different);
    expect(compareIdentifiers('1804974', '1804947')).toBe(IDENTIFIER.typo);
    expect(compareIdentifiers('1804974', '9922113')).toBe(IDENTIFIER.conflict);
    expect(isLocalTypo('john.smith', 'jhon.smith')).toBe(true);
    expect(isLocalTypo('jsmith', 'rsmith')).toBe(false);
    expect(isLocalTypo('john.smith1', 'john.smith2')).toBe(false);
  });

  it('of any texts are symmetric, and the distances agree', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editsWithin(a, b, 3)).toBe(editsWithin(b, a, 3));
        expect(jaroWinkler(a, b)).toBeCloseTo(jaroWinkler(b, a), 12);
        if (a !== '' && b !== '') {
          expect(compareGiven(a.trim() || 'x', b.trim() || 'y')).toBe(compareGiven(b.trim() || 'y', a.trim() || 'x'));
          expect(compareFamily(a.trim() || 'x', b.trim() || 'y')).toBe(compareFamily(b.trim() || 'y', a.trim() || 'x'));
        }
      }),
      { ...SETTINGS, numRuns: 400 },
    );
  });
});

describe('the shipped model', () => {
  it('has shares that add up to one, and says that sameness speaks for a match and difference against', () => {
    for (const levels of Object.values(SHIPPED)) {
      expect(levels.reduce((sum, { m }) => sum + m, 0)).toBeCloseTo(1, 6);
      expect(levels.reduce((sum, { u }) => sum + u, 0)).toBeCloseTo(1, 4);
      const weighed = levels.filter(({ isTold }) => isTold !== true);
      expect(bitsOf(weighed.at(-1) ?? { m: 1, u: 1 })).toBeLessThan(0);
    }
  });
});

describe('clusters of given edges', () => {
  const edges = (list: [number, number, number][]): Edges => ({
    a: Int32Array.from(list, ([a]) => a),
    b: Int32Array.from(list, ([, b]) => b),
    evidence: Float32Array.from(list, ([, , bits]) => bits),
    length: list.length,
  });
  const run = (size: number, list: [number, number, number][], more: object = {}) => {
    const found = edges(list);
    return [
      ...clusterEdges(size, found, (e) => found.evidence[e] ?? 0, { largest: 100, acceptBits: 2, joinBits: 0, score: () => -8, ...more }),
    ];
  };

  it('do not chain over one doubtful pair', () => {
    // two tight groups, and one pair between them
    const group = (from: number) =>
      [
        [from, from + 1, 12],
        [from, from + 2, 12],
        [from + 1, from + 2, 12],
      ] as [number, number, number][];
    expect(run(6, [...group(0), ...group(3), [2, 3, 3]])).toEqual([0, 0, 0, 3, 3, 3]);
  });

  it('keep what a person decided', () => {
    expect(run(2, [[0, 1, 12]], { isApart: () => true })).toEqual([0, 1]);
    expect(run(3, [[0, 1, 12]], { together: [[1, 2]] })).toEqual([0, 0, 0]);
  });

  it('stay within their size', () => {
    const list: [number, number, number][] = [];
    for (let a = 0; a < 30; a += 1) for (let b = a + 1; b < 30; b += 1) list.push([a, b, 10]);
    const found = run(30, list, { largest: 10 });
    expect(Math.max(...found.map((root) => found.filter((other) => other === root).length))).toBe(10);
  });
});
