import { describe, expect, it } from 'vitest';
import { TableBuilder } from '../../../src/identity/core/build-table.ts';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
import { compareOrganisations, WORDS, WordWeights } from '../../../src/identity/core/compare-tokens.ts';
import { comparisonsOf } from '../../../src/identity/core/comparisons.ts';
import { explainPair } from '../../../src/identity/core/explain.ts';
import { stitchTable } from '../../../src/identity/core/stitch.ts';
import { partition } from '../../support/partition.ts';

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

  it('two rare words are enough without a place, two common ones are not', () => {
    const kinds: ColumnKind[] = ['id', 'company', 'city'];
    const sectors = ['energy', 'partners', 'capital', 'foods', 'media'];
    const others = Array.from({ length: 200 }, (_, i) => [
      `o${i}`,
      `${sectors[i % 5]} ${sectors[(i * 3 + 1) % 5]} ${word(i)}`,
      `Town${i % 9}`,
    ]);
    const twice = (id: string, name: string) => [
      [`${id}1`, `${name} Inc`, ''],
      [`${id}2`, `${name} LLC`, ''],
    ];
    const clusters = partition([...others, ...twice('r', 'Baikie Hildyard Media'), ...twice('c', 'Energy Partners')], kinds);
    expect(clusters.filter((ids) => ids.length > 1)).toEqual([['r1', 'r2']]);
  });

  it('a thing is called by its title, not by who made it', () => {
    const kinds: ColumnKind[] = ['text', 'text', 'date'];
    const builder = new TableBuilder(kinds, ['Authors', 'Paper Title', 'year']);
    for (let i = 0; i < 60; i += 1) builder.add([`${word(i)} ${word(i + 70)} ${word(i + 31)}`, `On ${word(i + 3)} and ${word(i % 50)}`, '1999']);
    const name = comparisonsOf(builder.finish(Uint32Array.from({ length: 60 }, (_, i) => i))).find(({ id }) => id === 'name');
    expect(name?.shown(0)).toContain('on');
  });
});

describe('who moves', () => {
  it('has another address, place and number at once, which is held against a match as one', () => {
    const builder = new TableBuilder(
      ['first_name', 'last_name', 'address', 'city', 'postcode'],
      ['first', 'last', 'address', 'city', 'postcode'],
    );
    for (let i = 0; i < 300; i += 1) {
      const [given, family] = [word(i % 40), word(i)];
      const home = [`${i} ${word(i + 9)} Road`, `Town${i % 30}`, `${10_000 + (i % 30)}`];
      builder.add([given, family, ...home]);
      if (i % 3 === 0) builder.add([given, `${family.slice(0, 3)}${family.slice(4)}`, ...home]);
    }
    const { scorer, prior, model, table } = stitchTable(builder.finish(Uint32Array.from({ length: 400 }, (_, i) => i)));
    const held = Array.from({ length: 60 }, (_, i) => explainPair(scorer, model, prior, i, 399 - i)).flatMap((explained) => {
      const sum = explained.evidence.reduce((bits, one) => bits + Math.round(one.bits * 100), Math.round(explained.prior * 100));
      expect(Math.round(explained.bits * 100)).toBe(sum);
      const site = explained.evidence.filter(({ group }) => ['phone', 'address', 'place', 'site'].includes(group));
      return site.some(({ group }) => group === 'site') ? [site.reduce((bits, one) => bits + one.bits, 0)] : [];
    });
    expect(table.size).toBe(400);
    expect(held.length).toBeGreaterThan(20);
    for (const bits of held) expect(bits).toBeCloseTo(-8, 1);
  });
});
