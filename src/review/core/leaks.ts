import { corrected } from '../../kernel/false-discovery.ts';
import type { Leak } from './analysis.ts';
import { nameVerdict } from './leak-names.ts';
import { whole } from './report-format.ts';
import { compared } from './screen.ts';

/** What is asked of a field to tell whether it knows the outcome. */
export interface Suspect {
  field: string;
  label: string;
  /** In sample; null of what was not tested. */
  auc: number | null;
  information_value: number | null;
  /** Bins with rows. */
  bins: number;
  /** Rows without a value, by outcome. */
  missing: { won: number; lost: number };
}

type Reason = Leak['reasons'][number];

/** Limits of what a field may honestly tell. */
const AUC = 0.95;
const INFORMATION = 2;
/** A field whose name may mean something known after the close is taken for it from here. */
const AUC_OF_MAY_BE = 0.65;
const MISSING = { q: 0.01, phi: 0.15, odds: 2 };
/** Of the distance to a perfect ranking that all other fields leave, and of the area itself. */
const HOLDS = { share: 0.5, gain: 0.05 };
/** Fields below this alone cannot hold the lift of all; the strongest few are looked at, for each costs a fit. */
const WORTH_A_FIT = { auc: 0.7, fields: 3, deviations: 3 };
/** With fewer of either outcome the figures of a field are noise. */
const FEWEST = 10;

/**
 * Fields that know the outcome: by their names, by figures too good to be true, by being empty where deals ended one way, and by holding most of
 * what the fit can tell. The first two and the last are left out of fit and proposals; where emptiness alone tells, only of proposals.
 * @param aucWithout area under the curve of the fit of all fields but those named; asked for the strongest fields only.
 */
export async function findLeaks(
  suspects: readonly Suspect[],
  totals: { won: number; lost: number },
  aucWithout: (fields: readonly string[]) => Promise<number | null> | number | null,
): Promise<Leak[]> {
  const canTell = Math.min(totals.won, totals.lost) >= FEWEST;
  const reasons = new Map<string, Reason[]>(suspects.map((suspect) => [suspect.field, canTell ? byFigures(suspect, totals) : []]));
  for (const suspect of suspects) {
    const said = byName(suspect, canTell);
    if (said !== null) reasons.get(suspect.field)?.unshift(said);
  }
  const known = suspects.filter(({ field }) => reasons.get(field)?.some(({ rule }) => rule === 'known_after_close'));
  if (canTell) {
    const named = new Set(known.map(({ field }) => field));
    for (const [field, reason] of await byFit(suspects, totals, named, aucWithout)) reasons.get(field)?.push(reason);
    for (const [field, reason] of byMissing(suspects, totals)) reasons.get(field)?.push(reason);
  }
  return suspects.flatMap(({ field, label }) => {
    const own = reasons.get(field) ?? [];
    if (own.length === 0) return [];
    return [{ field, label, left_out: own.some(({ rule }) => rule !== 'missing_tracks_outcome'), reasons: own }];
  });
}

function byName({ field, label, auc }: Suspect, canTell: boolean): Reason | null {
  const verdict = nameVerdict(field, label);
  if (verdict === 'after') {
    return { rule: 'known_after_close', figure: null, limit: null, text: 'Its name says that it is known only with or after the close.' };
  }
  if (verdict === null || !canTell || auc === null || auc < AUC_OF_MAY_BE) return null;
  const text = `Its name may mean something that is known only at the close, and alone it tells won from lost with an AUC of ${shown(auc)}.`;
  return { rule: 'known_after_close', figure: auc, limit: AUC_OF_MAY_BE, text };
}

function byFigures({ auc, information_value: value, bins }: Suspect, { won, lost }: { won: number; lost: number }): Reason[] {
  const reasons: Reason[] = [];
  if (auc !== null && auc > AUC) {
    const text = `Alone it tells won from lost with an AUC of ${shown(auc)}: too good for something known before the close.`;
    reasons.push({ rule: 'single_field_auc', figure: auc, limit: AUC, text });
  }
  const { mean: byChance } = informationByChance(bins, { won, lost });
  if (value !== null && value - byChance > INFORMATION) {
    const text = `Its information value is ${shown(value)}: too good for something known before the close.`;
    reasons.push({ rule: 'information_value', figure: value, limit: INFORMATION, text });
  }
  return reasons;
}

/** What a field of so many bins has by chance: its information value times the harmonic count is a chi-square with a degree less than bins. */
function informationByChance(bins: number, { won, lost }: { won: number; lost: number }): { mean: number; deviation: number } {
  const degrees = Math.max(0, bins - 1);
  const each = 1 / won + 1 / lost;
  return { mean: degrees * each, deviation: Math.sqrt(2 * degrees) * each };
}

/** A few rows in many bins are ranked well by any field: what it says has to be clearly more than that. */
function isBeyondChance({ bins, information_value: value }: Suspect, totals: { won: number; lost: number }): boolean {
  const { mean, deviation } = informationByChance(bins, totals);
  return value !== null && value > mean + WORTH_A_FIT.deviations * deviation;
}

/** A field that closes half of the gap which all others leave to a perfect ranking knows more than they do together. */
async function byFit(
  suspects: readonly Suspect[],
  totals: { won: number; lost: number },
  named: ReadonlySet<string>,
  aucWithout: (fields: readonly string[]) => Promise<number | null> | number | null,
): Promise<[string, Reason][]> {
  const strongest = suspects
    .filter((suspect) => suspect.auc !== null && suspect.auc >= WORTH_A_FIT.auc && isBeyondChance(suspect, totals))
    .sort((a, b) => (b.auc ?? 0) - (a.auc ?? 0) || (a.field < b.field ? -1 : 1))
    .slice(0, WORTH_A_FIT.fields);
  const found: [string, Reason][] = [];
  for (const { field } of strongest) {
    // the others that are known to leak would hide what this one holds
    const others = [...named].filter((name) => name !== field);
    const [all, without] = [await aucWithout(others), await aucWithout([...others, field])];
    if (all === null || without === null || without >= 1) continue;
    const share = (all - without) / (1 - without);
    if (share < HOLDS.share || all - without < HOLDS.gain) continue;
    const text = `Without it the AUC of all other fields falls from ${shown(all)} to ${shown(without)}: it closes ${Math.round(share * 100)} % of the gap that they leave.`;
    found.push([field, { rule: 'holds_the_lift', figure: share, limit: HOLDS.share, text }]);
  }
  return found;
}

/** As one more screening, corrected for all fields that have gaps; and only an effect that is worth a warning. */
function byMissing(suspects: readonly Suspect[], totals: { won: number; lost: number }): [string, Reason][] {
  const gaps = suspects.flatMap(({ field, missing }) => {
    const others = { othersWon: totals.won - missing.won, othersLost: totals.lost - missing.lost };
    const test = compared({ ...missing, ...others });
    return test === null ? [] : [{ field, ...missing, ...others, p: test.p }];
  });
  const q = corrected(gaps.map(({ p }) => p));
  return gaps.flatMap(({ field, won, lost, othersWon, othersLost }, at): [string, Reason][] => {
    const margins = (won + lost) * (othersWon + othersLost) * totals.won * totals.lost;
    const phi = Math.abs(won * othersLost - lost * othersWon) / Math.sqrt(margins);
    const odds = ((won + 0.5) * (othersLost + 0.5)) / ((lost + 0.5) * (othersWon + 0.5));
    if ((q[at] ?? 1) > MISSING.q || phi < MISSING.phi || Math.max(odds, 1 / odds) < MISSING.odds) return [];
    const share = (part: number, whole: number) => `${Math.round((part / whole) * 1000) / 10} %`;
    const text =
      `Whether it is filled goes with the outcome: it is empty in ${share(won, totals.won)} of won and ${share(lost, totals.lost)} of lost deals. ` +
      'It may be filled in as deals are worked.';
    const reason: Reason = { rule: 'missing_tracks_outcome', figure: phi, limit: MISSING.phi, text };
    const sure = decided(totals, { won, lost }, 'empty') ?? decided(totals, { won: othersWon, lost: othersLost }, 'filled');
    return sure === undefined
      ? [[field, reason]]
      : [
          [field, { rule: 'missing_decides_outcome', figure: null, limit: null, text: sure }],
          [field, reason],
        ];
  });
}

/** Where it is filled, or empty, no deal ended one way, though so many would have to. */
function decided(
  totals: { won: number; lost: number },
  { won, lost }: { won: number; lost: number },
  what: 'empty' | 'filled',
): string | undefined {
  const share = (won + lost) / (totals.won + totals.lost);
  for (const [n, all, name] of [
    [won, totals.won, 'won'],
    [lost, totals.lost, 'lost'],
  ] as const)
    if (n === 0 && all * share >= FEWEST)
      return `Of the ${whole(won + lost)} deals in which it is ${what} none was ${name}, where ${whole(all * share)} would be by chance.`;
  return undefined;
}

const shown = (figure: number) => (Math.round(figure * 1000) / 1000).toFixed(3);
