import type { Binning } from './bins.ts';

/** Names of what deals are usually looked at by: where they came from, of which segment and how large the company is. */
const BY_CUSTOM =
  /source|channel|campaign|medium|segment|industry|sector|vertical|region|country|territory|market|size|employees|headcount|revenue|department|product|plan/i;
/** More strata than this are too thin to compare within, and more fields than that would be looked at for little. */
const MOST_STRATA = 30;
const MOST_FIELDS = 40;

/**
 * The fields within whose bins a finding is looked at again: those asked for by name; else all of at most 30 bins, first those by custom, then those
 * that have levels, and no more than 40.
 */
export function strataFields(binnings: readonly Binning[], segments?: readonly string[]): Binning[] {
  const varied = binnings.filter(({ bins }) => bins.length > 1);
  if (segments !== undefined) return varied.filter(({ field }) => segments.includes(field.name));
  const rank = (binning: Binning) => (isByCustom(binning) ? 0 : hasLevels(binning) ? 1 : 2);
  const few = varied.filter(({ bins }) => bins.length <= MOST_STRATA);
  return few.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_FIELDS);
}

/**
 * Whether a field is looked at within another. Of two numbers that are no segments each tells much the same as the other, and ranges of one within
 * ranges of the other turn round for no reason but that they overlap.
 */
export function isLookedAt(tested: Binning, by: Binning, segments?: readonly string[]): boolean {
  return tested !== by && (segments !== undefined || isByCustom(by) || hasLevels(by) || hasLevels(tested));
}

const isByCustom = ({ field: { name, label } }: Binning) => BY_CUSTOM.test(name) || BY_CUSTOM.test(label);

/** Also numbers that stand for levels: few of them, and whole. */
function hasLevels({ field, bins }: Binning): boolean {
  return field.type === 'level' || (bins.every(({ kind }) => kind !== 'range') && field.values.every(Number.isInteger));
}
