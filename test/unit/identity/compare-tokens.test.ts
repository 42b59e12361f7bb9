import { describe, expect, it } from 'vitest';
import { TableBuilder } from '../../../src/identity/core/build-table.ts';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
import { compareOrganisations, WORDS, WordWeights } from '../../../src/identity/core/compare-tokens.ts';
import { comparisonsOf } from '../../../src/identity/core/comparisons.ts';
import { explainPair } from '../../../src/identity/core/explain.ts';
import { PEOPLE } from '../../../src/identity/core/model.ts';
import { type RecordValues, type Statistics, scorePair } from '../../../src/identity/core/score-pair.ts';
import { stitchTable } from '../../../src/identity/core/stitch.ts';

const SYLLABLES = ['ba', 'kel', 'lin', 'mor', 'nu', 'ras', 'sev', 'ti', 'vol', 'zug'];
const word = (i: number) => [i, i * 7 + 3, Math.floor(i / 10) + 5].map((place) => SYLLABLES[place % 10]).join('');
const packed = (texts: readonly string[]) => ({
  length: texts.length,
  at: (code: number) => texts[code],
  [Symbol.iterator]: () => texts[Symbol.iterator](),
});

describe('names by their words', () => {
  it('a slip in one of two words is nearly the same name, also where the word with the slip is there once', () => {
    const others = Array.from({ length: 40 }, (_, i) => `${word(i)} labs`);
    const weights = new WordWeights(packed(['gillow labs', 'gillow lvabs', 'gillow tools', ...others]));
    expect(compareOrganisations(weights, 0, 1)).toBe(WORDS.near);
    expect(compareOrganisations(weights, 0, 2)).toBe(WORDS.different);
  });

  it('words that both have meet by chance as often as their shares say', () => {
    const weights = new WordWeights(packed(['acme labs', 'acme works', 'bolt labs', 'crux labs']));
    expect(weights.shareTogether(0, 0)).toBeCloseTo((2 / 4) * (3 / 4));
    expect(weights.shareTogether(0, 2)).toBeCloseTo(3 / 4);
    expect(weights.shareTogether(1, 3)).toBe(1);
  });

  it('two rare words tell more than a name that is as rare and made of common ones', () => {
    const sectors = ['energy', 'partners', 'capital', 'foods', 'media'];
    const builder = new TableBuilder(['company'], ['company']);
    for (let i = 0; i < 200; i += 1) builder.add([`${sectors[i % 5]} ${sectors[(i * 3 + 1) % 5]} ${word(i)}`]);
    for (const name of ['Baikie Hildyard Media Inc', 'Baikie Hildyard Media LLC', 'Energy Foods Inc', 'Energy Foods LLC'])
      builder.add([name]);
    const { scorer, model } = stitchTable(builder.finish(Uint32Array.from({ length: 204 }, (_, i) => i)));
    const bits = (a: number) => explainPair(scorer, model, 0, a, a + 1).evidence.find(({ group }) => group === 'name')?.bits ?? 0;
    expect(bits(200)).toBeGreaterThan(13);
    expect(bits(202)).toBeLessThan(9);
  });

  it('a thing is called by its title, not by who made it', () => {
    const kinds: ColumnKind[] = ['text', 'text', 'date'];
    const builder = new TableBuilder(kinds, ['Authors', 'Paper Title', 'year']);
    for (let i = 0; i < 60; i += 1)
      builder.add([`${word(i)} ${word(i + 70)} ${word(i + 31)}`, `On ${word(i + 3)} and ${word(i % 50)}`, '1999']);
    const name = comparisonsOf(builder.finish(Uint32Array.from({ length: 60 }, (_, i) => i))).find(({ id }) => id === 'name');
    expect(name?.shown(0)).toContain('on');
  });
});

describe('who moves', () => {
  it('has another address, place and number at once, which is held against a match as one', () => {
    const statistics: Statistics = { prior: -10, filled: () => 1000, count: () => 1 };
    const home = (phone: string, address: string, city: string): RecordValues => [
      ['first_name', 'Ada'],
      ['last_name', 'Quill'],
      ['phone', phone],
      ['address', address],
      ['city', city],
    ];
    const before = home('4155550100', '7 Mill Lane', 'Leeds');
    const explained = scorePair(before, home('2125559876', '91 Harbour Road', 'Bristol'), PEOPLE, statistics);
    const site = explained.evidence.filter(({ group }) => ['phone', 'address', 'place', 'site'].includes(group));
    expect(site).toHaveLength(4);
    expect(site.reduce((bits, one) => bits + one.bits, 0)).toBeCloseTo(-8, 1);
    expect(explained.bits).toBeCloseTo(
      explained.evidence.reduce((bits, one) => bits + one.bits, explained.prior),
      6,
    );
    // one of the three counts as it is
    expect(
      scorePair(before, home('2125559876', '7 Mill Lane', 'Bristol'), PEOPLE, statistics).evidence.map(({ group }) => group),
    ).not.toContain('site');
  });
});
