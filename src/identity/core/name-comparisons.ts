import { compareFamily, compareGiven, FAMILY, GIVEN } from './compare-names.ts';
import { type Comparison, shareOf } from './comparison.ts';
import { NameShapes } from './name-shapes.ts';
import { PairCache } from './pair-cache.ts';
import type { Column } from './table.ts';

/** Names recur more than other values: two to this power pairs are remembered. */
const NAME_CACHE = 19;

/** @param middle further given names, where they have a column of their own */
export function nameComparisons(given: Column, family: Column, middle?: Column): Comparison[] {
  const { values } = given;
  const shapes = new NameShapes(values);
  const givenCache = new PairCache(values, compareGiven, NAME_CACHE);
  const familyCache = new PairCache(values, compareFamily, NAME_CACHE);
  const givenLevel = (x: number, y: number) => (shapes.mayBeAlike(x, y) ? givenCache.level(x, y) : GIVEN.different);
  const familyLevel = (x: number, y: number) => (shapes.mayBeAlike(x, y) ? familyCache.level(x, y) : FAMILY.different);
  // the level of the family names when given and family name of one record have changed places, else 0
  const swapped = (a: number, b: number): number => {
    const [ga, gb, fa, fb] = [given.codes[a] as number, given.codes[b] as number, family.codes[a] as number, family.codes[b] as number];
    if (ga === gb || fa === fb || ga < 0 || gb < 0 || fa < 0 || fb < 0 || (ga !== fb && gb !== fa)) return 0;
    const [x, y] = ga === fb ? [fa, gb] : [ga, fb];
    if (x === y) return FAMILY.exact;
    const crossed = givenLevel(x, y);
    return crossed === GIVEN.nickname || crossed === GIVEN.initial ? FAMILY.exact : crossed === GIVEN.typo ? FAMILY.typo : 0;
  };
  // of a record with one name alone it does not show which it is: it may be the family name
  const onlyName = (a: number, b: number): number => {
    const [fa, fb] = [family.codes[a] as number, family.codes[b] as number];
    if (fa < 0 === fb < 0) return 0;
    const [only, other] = fa < 0 ? [given.codes[a] as number, fb] : [given.codes[b] as number, fa];
    if (only < 0 || given.codes[a] === given.codes[b] || shapes.isInitial(only)) return 0;
    const level = only === other ? FAMILY.exact : familyLevel(only, other);
    return level === FAMILY.exact || level === FAMILY.typo ? level : 0;
  };
  const turned = middle === undefined ? undefined : turnedNames(given, middle);
  return [
    {
      id: 'given',
      kind: 'given',
      group: 'name',
      level(a, b) {
        const [x, y] = [given.codes[a] as number, given.codes[b] as number];
        if (x < 0 || y < 0) return 0;
        if (x === y) return shapes.isInitial(x) ? GIVEN.initial : GIVEN.exact;
        if (onlyName(a, b) > 0) return 0;
        if (swapped(a, b) > 0) return GIVEN.swapped;
        const level = givenLevel(x, y);
        return level === GIVEN.different && turned?.(a, b) === true ? GIVEN.swapped : level;
      },
      rarity: (_, a, b) => Math.max(shareOf(given, given.codes[a] as number), shareOf(given, given.codes[b] as number)),
      shown: (record) => values.at(given.codes[record] as number) ?? '',
    },
    {
      id: 'family',
      kind: 'family',
      group: 'name',
      level(a, b) {
        const [x, y] = [family.codes[a] as number, family.codes[b] as number];
        if (x < 0 || y < 0) return x < 0 && y < 0 ? 0 : onlyName(a, b);
        if (x === y) return shapes.isInitial(x) ? FAMILY.initial : FAMILY.exact;
        return swapped(a, b) || familyLevel(x, y);
      },
      rarity: (_, a, b) => Math.max(shareOf(family, family.codes[a] as number), shareOf(family, family.codes[b] as number)),
      shown: (record) => values.at(family.codes[record] as number) ?? '',
    },
  ];
}

/** Tells whether two records have given and middle name the other way round. A father's name alone may be his son's middle name. */
function turnedNames(given: Column, middle: Column): (a: number, b: number) => boolean {
  const codes = new Map([...given.values].map((name, code) => [name, code]));
  // of an initial it does not show which name it is
  const asGiven = Int32Array.from(middle.values, (name) => (name.length < 2 ? -1 : (codes.get(name) ?? -1)));
  const middleOf = (record: number) => asGiven[middle.codes[record] as number] ?? -1;
  return (a, b) => middleOf(a) === given.codes[b] && middleOf(b) === given.codes[a];
}
