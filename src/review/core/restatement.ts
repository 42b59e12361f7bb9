import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Figure } from './figures.ts';

/** A figure that is not today what was published. */
interface RestatedFigure extends Pick<Figure, 'key' | 'label' | 'unit' | 'currency'> {
  /** Null: there was none. */
  before: number | null;
  now: number | null;
  /** Null where one of the two is. */
  difference: number | null;
  /** Of how many each was counted, and within what interval, where that is not what was published. */
  basis?: { before: Basis; now: Basis };
}

type Basis = Pick<Figure, 'n' | 'low' | 'high'>;

export const REASONS = [
  'late_touches',
  'stitched_people',
  'changed_deals',
  'late_dispositions',
  'changed_records',
  'changed_definitions',
  'not_settled',
  'program',
  'unexplained',
] as const;

/** Why figures may differ, with how much of it there was. */
export interface RestatementReason {
  reason: (typeof REASONS)[number];
  count: number;
  says: string;
}

/** How far today's figures of a period are from the published ones. */
export interface Restatement {
  version: number;
  /** ISO 8601 */
  frozen_at: string;
  frozen_by: string;
  sha256: string;
  /** How many figures were compared. */
  compared: number;
  /** Of them, how many are otherwise today. */
  differ: number;
  changed: RestatedFigure[];
  /** Empty where nothing changed. */
  reasons: RestatementReason[];
}

/** What is not there is as good as nothing where nothing is a number. */
const COUNTED: readonly Figure['unit'][] = ['count', 'amount'];

/** What a later version of the program counts of every review: one that was frozen without any of it is not held against it. */
const CAME_LATER = ['scored.'];

/**
 * The figures that differ, those published in their order before those that came.
 * @param within how the keys begin that are compared; all when left out, else of a caller who has a part of the figures alone, and may not tell of each of how
 * many it is counted and within what interval: then only what it tells is compared
 */
export function restated(
  published: readonly Figure[],
  today: readonly Figure[],
  within?: readonly string[],
): { compared: number; changed: RestatedFigure[] } {
  const now = new Map(today.map((figure) => [figure.key, figure]));
  const before = new Map(published.map((figure) => [figure.key, figure]));
  const uncounted = CAME_LATER.filter((start) => !published.some(({ key }) => key.startsWith(start)));
  const both = [...published, ...today.filter(({ key }) => !before.has(key))].filter(
    ({ key }) => (within ?? ['']).some((start) => key.startsWith(start)) && !uncounted.some((start) => key.startsWith(start)),
  );
  const numberOf = (figures: ReadonlyMap<string, Figure>, { key, unit, value }: Figure) => {
    const figure = figures.get(key);
    if (figure !== undefined) return figure.value;
    return value !== null && COUNTED.includes(unit) ? 0 : null;
  };
  const changed = both.flatMap((figure) => {
    const { key, label, unit, currency } = figure;
    const [was, is] = [numberOf(before, figure), numberOf(now, figure)];
    const [one, other] = [before.get(key), now.get(key)];
    const told = other && basisOf(other);
    const basis = one !== undefined && told !== undefined && { before: basisOf(one, within && told), now: told };
    const isOtherBasis = basis !== false && canonicalJson(basis.before) !== canonicalJson(basis.now);
    if (was === is && !isOtherBasis) return [];
    const difference = was === null || is === null ? null : withoutNoise(is - was);
    const money = currency !== undefined && { currency };
    return [{ key, label, unit, ...money, before: was, now: is, difference, ...(isOtherBasis && { basis }) }];
  });
  return { compared: both.length, changed };
}

/** @param as only what this one tells too */
const basisOf = ({ n, low, high }: Figure, as: Basis = { n: 0, low: 0, high: 0 }): Basis => ({
  ...(n !== undefined && as.n !== undefined && { n }),
  ...(low !== undefined && as.low !== undefined && { low }),
  ...(high !== undefined && as.high !== undefined && { high }),
});

/** 12.3 − 12.1 is 0.2. */
const withoutNoise = (difference: number) => Number(difference.toPrecision(12)) || 0;

/** A figure with its unit, and what it was counted of where that is given. */
export function basedText(value: number | null, of: Pick<Figure, 'unit' | 'currency'>, { n, low, high }: Basis = {}): string {
  const number = (one: number) => one.toLocaleString('en-US', { maximumFractionDigits: 2 });
  const basis = [
    ...(n === undefined ? [] : [`n ${number(n)}`]),
    ...(low === undefined || high === undefined ? [] : [`${number(low)} to ${number(high)}`]),
  ];
  return `${figureText(value, of)}${basis.length === 0 ? '' : ` (${basis.join('; ')})`}`;
}

/** A figure with its unit. */
export function figureText(value: number | null, { unit, currency }: Pick<Figure, 'unit' | 'currency'>): string {
  if (value === null) return '–';
  const number = value.toLocaleString('en-US', { maximumFractionDigits: 2 });
  if (unit === 'percent') return `${number} %`;
  if (unit === 'count') return number;
  return `${number} ${unit === 'amount' ? (currency ?? 'of no currency') : unit}`;
}
