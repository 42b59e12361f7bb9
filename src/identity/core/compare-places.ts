import { isNear, isTypo } from './compare-names.ts';
import { type Comparison, shareOf } from './comparison.ts';
import { PairCache } from './pair-cache.ts';
import type { Table } from './table.ts';
import { editsWithin } from './text-distance.ts';

/** Levels of a place, as the model lists them; 0 is unknown. */
export const PLACE = { postcode: 1, city: 2, similar: 3, otherPostcode: 4, different: 5 } as const;
const UNKNOWN = 0;
const [SAME, SLIP, OTHER] = [1, 2, 3] as const;

/** Postcode and city are one piece of evidence: the one decides most of the other. */
export function comparePlaces({ city, postcode }: Table): Comparison {
  const cities = city === undefined ? undefined : new PairCache(city.values, (left, right) => (isLikeCity(left, right) ? SLIP : OTHER));
  const postcodes =
    postcode === undefined
      ? undefined
      : new PairCache(postcode.values, (x, y) => (editsWithin(x, y, 1) <= 1 || x.startsWith(y) || y.startsWith(x) ? SLIP : OTHER));
  const cityRelation = (a: number, b: number): number => relation(city?.codes, cities, a, b);
  const postcodeRelation = (a: number, b: number): number => relation(postcode?.codes, postcodes, a, b);
  return {
    id: 'place',
    kind: 'place',
    group: 'place',
    level(a, b) {
      const town = cityRelation(a, b);
      const code = postcodeRelation(a, b);
      if (town === UNKNOWN && code === UNKNOWN) return 0;
      if (code === SAME) return PLACE.postcode;
      if (town === SAME) return code === OTHER ? PLACE.otherPostcode : PLACE.city;
      if (town === SLIP) return PLACE.similar;
      return code === SLIP ? PLACE.similar : PLACE.different;
    },
    rarity(level, a, b) {
      const column = level === PLACE.postcode ? postcode : city;
      return column === undefined ? 0 : Math.max(shareOf(column, column.codes[a] as number), shareOf(column, column.codes[b] as number));
    },
    shown: (record) =>
      [postcode, city]
        .map((column) => column?.values.at(column.codes[record] as number) ?? '')
        .filter((text) => text !== '')
        .join(' '),
  };
}

function isLikeCity(a: string, b: string): boolean {
  return isTypo(a, b) || isNear(a, b);
}

function relation(codes: Int32Array | undefined, cache: PairCache | undefined, a: number, b: number): number {
  if (codes === undefined || cache === undefined) return UNKNOWN;
  const [x, y] = [codes[a] as number, codes[b] as number];
  if (x < 0 || y < 0) return UNKNOWN;
  return x === y ? SAME : cache.level(x, y);
}
