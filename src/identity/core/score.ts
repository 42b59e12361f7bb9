import { GIVEN } from './compare-names.ts';
import { PLACE } from './compare-places.ts';
import { DATE } from './compare-values.ts';
import type { Comparison } from './comparison.ts';
import type { ComparisonKind, LevelWeight } from './model.ts';

/** No single comparison weighs more than this, so that none decides alone against all others. */
const MOST_BITS = 16;
const LEAST_BITS = -12;
/** Phone, address and place are of one site: a house or an office has many in it. */
const MOST_SITE_BITS = 14;
/** Who moves has another of all three. */
const LEAST_SITE_BITS = -8;
const SITE: ReadonlySet<string> = new Set(['phone', 'address', 'place']);
/** Bits of telephone, address and postcode from which those who have them may live together. */
const LEAST_HOUSEHOLD_BITS = 6;
/** What is a person's own: whoever has it in common is one, also by another given name. */
const OWN: ReadonlySet<string> = new Set(['email', 'identifier']);
/**
 * Who lives together has a family name in common, and twins a date of birth: neither says more than so much of two given names. Nor do
 * given names of two dates: the child is called as a parent is.
 */
const MOST_FAMILY_BITS = 1;
const MOST_TWIN_BITS = 4.5;
const MOST_NAMESAKE_BITS = 5;
/** Couples share an e-mail address or go by one number: it says so much at most of two given names whose dates are not the same. */
const MOST_COUPLE_BITS = 4;
/** Who gives no given name may be any of a few. */
const MOST_NAMELESS_BITS = 4;

/** Weighs the evidence of pairs of records of one table. */
export class PairScorer {
  readonly comparisons: readonly Comparison[];
  readonly weights: readonly (readonly LevelWeight[])[];
  /** By comparison, ten entries each: bits by level. */
  readonly #bits: Float64Array;
  /** By comparison and level: log2 of m where rarity decides, NaN elsewhere. */
  readonly #rare: Float64Array;
  readonly #isSite: Uint8Array;
  readonly #isOwn: Uint8Array;
  readonly #given: number;
  readonly #family: number;
  readonly #date: number;

  constructor(comparisons: readonly Comparison[], weights: readonly (readonly LevelWeight[])[]) {
    this.comparisons = comparisons;
    this.weights = weights;
    this.#bits = new Float64Array(comparisons.length * 10);
    this.#rare = new Float64Array(comparisons.length * 10).fill(Number.NaN);
    this.#isSite = Uint8Array.from(comparisons, ({ kind }) => (SITE.has(kind) ? 1 : 0));
    this.#isOwn = Uint8Array.from(comparisons, ({ kind }) => (OWN.has(kind) ? 1 : 0));
    const at = (kind: ComparisonKind) => comparisons.findIndex((comparison) => comparison.kind === kind);
    this.#given = at('given');
    this.#family = at('family');
    this.#date = at('date');
    for (const [c, levels] of weights.entries()) {
      for (const [l, weight] of levels.entries()) {
        this.#bits[c * 10 + l + 1] = weight.isTold === true ? 0 : clamp(Math.log2(weight.m / weight.u));
        if (weight.byRarity === true) this.#rare[c * 10 + l + 1] = Math.log2(weight.m);
      }
    }
  }

  /** Bits of evidence for a match: what all comparisons add up to, without the prior. */
  evidence(a: number, b: number): number {
    let sum = 0;
    let site = 0;
    let family = 0;
    for (let c = 0; c < this.comparisons.length; c += 1) {
      const comparison = this.comparisons[c] as Comparison;
      const level = comparison.level(a, b);
      if (level === 0) continue;
      const bits = this.#bitsAt(c, comparison, level, a, b);
      if (this.#isSite[c] === 1) site += bits;
      else sum += bits;
      if (c === this.#family) family = bits;
    }
    // most pairs have no site in common, and need no closer look
    const isHousehold = site >= LEAST_HOUSEHOLD_BITS && family > 0;
    return sum + heldSite(site) - (isHousehold ? this.householdExcess(a, b) : 0);
  }

  /** Bits of names and date beyond what they count for between two of one household. */
  householdExcess(a: number, b: number): number {
    const given = this.#levelOf(this.#given, a, b);
    const isNamed = given !== 0 && given !== GIVEN.different;
    const date = this.#levelOf(this.#date, a, b);
    if (this.#given < 0 || (isNamed && date !== DATE.different)) return 0;
    let home = 0;
    let own = 0;
    for (let c = 0; c < this.comparisons.length; c += 1) {
      const { kind } = this.comparisons[c] as Comparison;
      if (this.#isOwn[c] === 1) own += Math.max(0, this.#bitsIf(c, a, b));
      // a town has many in it
      if (this.#isSite[c] === 1 && (kind !== 'place' || this.#levelOf(c, a, b) === PLACE.postcode)) home += this.#bitsIf(c, a, b);
    }
    const family = this.#bitsIf(this.#family, a, b);
    if (home < LEAST_HOUSEHOLD_BITS || family <= 0) return 0;
    const isCouple = given === GIVEN.different && date !== DATE.same && date !== DATE.typo;
    if (own > 0) return isCouple ? Math.max(0, own - MOST_COUPLE_BITS) : 0;
    const over = (c: number, most: number) => Math.max(0, this.#bitsIf(c, a, b) - most);
    const shared = over(this.#family, MOST_FAMILY_BITS);
    if (given === 0) return Math.min(shared, MOST_NAMELESS_BITS);
    return shared + (isNamed ? over(this.#given, MOST_NAMESAKE_BITS) : over(this.#date, MOST_TWIN_BITS));
  }

  /** Bits of phone, address and place beyond what they may count for together, or against. */
  siteExcess(a: number, b: number): number {
    let site = 0;
    for (let c = 0; c < this.comparisons.length; c += 1) if (this.#isSite[c] === 1) site += this.#bitsIf(c, a, b);
    return site - heldSite(site);
  }

  #levelOf(c: number, a: number, b: number): number {
    return c < 0 ? 0 : (this.comparisons[c] as Comparison).level(a, b);
  }

  #bitsIf(c: number, a: number, b: number): number {
    return c < 0 ? 0 : this.bitsOf(c, this.#levelOf(c, a, b), a, b);
  }

  /** Bits of one comparison at a level that it has. */
  bitsOf(c: number, level: number, a: number, b: number): number {
    return level === 0 ? 0 : this.#bitsAt(c, this.comparisons[c] as Comparison, level, a, b);
  }

  #bitsAt(c: number, comparison: Comparison, level: number, a: number, b: number): number {
    const at = c * 10 + level;
    const rare = this.#rare[at] as number;
    if (Number.isNaN(rare)) return this.#bits[at] as number;
    const share = comparison.rarity(level, a, b);
    return share <= 0 ? (this.#bits[at] as number) : clamp(rare - Math.log2(share), comparison.mostBits);
  }
}

function heldSite(bits: number): number {
  return Math.max(LEAST_SITE_BITS, Math.min(MOST_SITE_BITS, bits));
}

function clamp(bits: number, most = MOST_BITS): number {
  return Math.max(LEAST_BITS, Math.min(most, bits));
}

export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}
