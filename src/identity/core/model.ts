/** One way in which two values can relate, with how often it is seen among matches (m) and among others (u). */
export interface LevelWeight {
  readonly id: string;
  /** As it is said in an explanation. */
  readonly label: string;
  readonly m: number;
  readonly u: number;
  /** The rarer the value, the more it tells: u is the value's own share of the records. */
  readonly byRarity?: boolean;
  /** Another comparison says it already: it weighs nothing here, and is there to be counted. */
  readonly isTold?: boolean;
}

/** Weights by comparison; the order of the levels is the order of their numbers, from 1 on. */
export type Weights = Readonly<Record<ComparisonKind, readonly LevelWeight[]>>;

export const COMPARISON_KINDS = [
  'given',
  'family',
  'name',
  'date',
  'email',
  'mailbox',
  'phone',
  'identifier',
  'employer',
  'domain',
  'place',
  'address',
  'country',
  'text',
] as const;
export type ComparisonKind = (typeof COMPARISON_KINDS)[number];

export interface Model {
  readonly name: string;
  readonly weights: Weights;
  /** Pairs at this many bits or more are matches; p = 2^bits / (1 + 2^bits). */
  readonly acceptBits: number;
  /** Clusters whose pairs come to this on average are one: more pairs tell more than one alone. */
  readonly joinBits: number;
  /** From here on a pair is shown for review. */
  readonly reviewBits: number;
  /** Records of one cluster, at most: more are held for a false giant. Copies of one record count as one. */
  readonly largest: number;
}

const level = (id: string, label: string, m: number, u: number): LevelWeight => ({ id, label, m, u });
const rare = (id: string, label: string, m: number, u: number): LevelWeight => ({ id, label, m, u, byRarity: true });

const told = (id: string, label: string, m: number, u: number): LevelWeight => ({ id, label, m, u, isTold: true });

const WORDS = [
  rare('exact', 'the same', 0.6, 0.01),
  level('near', 'nearly the same', 0.15, 0.002),
  level('similar', 'similar', 0.1, 0.005),
  level('partial', 'in part the same', 0.08, 0.03),
  level('different', 'different', 0.07, 0.953),
];

/** The weights that ship: each comparison's shares add up to 1. */
export const SHIPPED: Weights = {
  given: [
    rare('exact', 'the same given name', 0.76, 0.01),
    rare('partial', 'the same first given name', 0.03, 0.002),
    level('nickname', 'a nickname', 0.05, 0.002),
    level('initial', 'an initial that fits', 0.03, 0.01),
    level('typo', 'a given name with a slip', 0.06, 0.004),
    level('close', 'a similar given name', 0.02, 0.02),
    rare('swapped', 'names that have changed places', 0.015, 0.0005),
    level('different', 'different given names', 0.035, 0.9515),
  ],
  family: [
    rare('exact', 'the same family name', 0.82, 0.003),
    level('partial', 'a part of the family name', 0.02, 0.0005),
    level('typo', 'a family name with a slip', 0.07, 0.003),
    level('close', 'a similar family name', 0.03, 0.01),
    level('initial', 'an initial that fits', 0.01, 0.01),
    level('different', 'different family names', 0.05, 0.9735),
  ],
  name: [
    rare('exact', 'the same name', 0.6, 0.001),
    rare('near', 'nearly the same name', 0.18, 0.0003),
    rare('similar', 'a similar name', 0.1, 0.0005),
    level('contained', 'one name within the other, or its initials', 0.1, 0.002),
    level('different', 'different names', 0.02, 0.9962),
  ],
  date: [
    rare('same', 'the same date', 0.76, 0.00008),
    level('typo', 'a date with a slip', 0.14, 0.0008),
    level('parts', 'two of day, month and year the same', 0.04, 0.003),
    level('year', 'the same year', 0.02, 0.015),
    level('different', 'different dates', 0.04, 0.98112),
  ],
  email: [
    level('same', 'the same address', 0.55, 0.00001),
    level('typo', 'an address with a slip', 0.06, 0.00001),
    level('distinct_local', 'the same unusual mailbox name elsewhere', 0.02, 0.00001),
    level('both_personal', 'different personal addresses', 0.05, 0.05),
    level('different', 'a personal address and one at work', 0.22, 0.3),
    told('elsewhere', 'addresses at work that the employer and the mailbox judge', 0.1, 0.64997),
  ],
  mailbox: [told('same', 'the same mailbox at the domain', 0.94, 0.01), level('other', 'another mailbox at the same domain', 0.06, 0.99)],
  phone: [
    level('same', 'the same number', 0.6, 0.00002),
    level('typo', 'a number with a slip', 0.05, 0.00005),
    level('different', 'different numbers', 0.35, 0.99993),
  ],
  identifier: [
    level('same', 'the same identifier', 0.9, 0.00001),
    level('typo', 'an identifier with a slip', 0.07, 0.0001),
    level('different', 'different identifiers', 0.02, 0.2),
    level('conflict', 'conflicting identifiers', 0.01, 0.79989),
  ],
  employer: [
    rare('domain', 'the same domain of the employer', 0.1, 0.002),
    rare('company', 'the same employer', 0.2, 0.002),
    level('similar', 'a similar name of the employer', 0.05, 0.001),
    rare('place', 'the same place, with no employer to compare', 0.05, 0.01),
    level('different', 'another employer', 0.1, 0.98499),
    told('address', 'the address says it', 0.5, 0.00001),
  ],
  domain: [rare('same', 'the same domain', 0.8, 0.0005), level('different', 'different domains', 0.2, 0.9995)],
  place: [
    rare('postcode', 'the same postcode', 0.6, 0.001),
    rare('city', 'the same place, the postcode differs by a slip or is unknown', 0.15, 0.01),
    level('similar', 'a similar place', 0.08, 0.005),
    rare('other_postcode', 'the same place with another postcode', 0.07, 0.02),
    level('different', 'different places', 0.1, 0.964),
  ],
  address: WORDS,
  country: [rare('same', 'the same country', 0.95, 0.4), level('different', 'different countries', 0.05, 0.6)],
  text: WORDS,
};

/** The models as they ship, before they are fitted to data. */
export const PEOPLE: Model = { name: 'people-1', weights: SHIPPED, acceptBits: 2, joinBits: -2, reviewBits: -1, largest: 100 };
/** A publication may be cited, an office be listed, as often as the records of a block are compared. */
export const ORGANISATIONS: Model = { name: 'organisations-1', weights: SHIPPED, acceptBits: 3, joinBits: 1, reviewBits: 0, largest: 300 };

export function bitsOf(weight: { m: number; u: number }): number {
  return Math.log2(weight.m / weight.u);
}
