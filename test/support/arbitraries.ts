import fc from 'fast-check';
import { type PredicateDocument, predicateDocument } from '../../src/definitions/core/predicate.ts';
import { type Rubric, rubricDocument } from '../../src/definitions/core/rubric.ts';

/**
 * Random rubrics, and data that meets them at their edges. Both draw from the same small pools (fields, values, event types,
 * windows), so that tests hold about as often as not, and none depends on what another drew, so that failures shrink.
 */

const ACCOUNT_KEYS = ['industry', 'employees', 'country', 'public', 'technologies', 'founded', 'domain', 'revenue'] as const;
const PERSON_KEYS = ['seniority', 'level', 'tags', 'opted_in', 'hired'] as const;
const EVENT_TYPES = ['pricing_page', 'web_visit', 'demo_request', 'email_open', 'unsubscribe', 'funding_round', 'hiring'] as const;
/** Never named by a rubric. */
const OTHER_EVENT_TYPES = ['meeting', 'leadership_change'] as const;
const SIGNAL_TYPES = ['funding_round', 'hiring', 'demo_request'] as const;
const GROUPS = ['fit', 'persona', 'engagement', 'intent'] as const;
const LISTS = ['competitors', 'targets', 'nobody'] as const;

const WORDS = [
  'software',
  'fintech',
  'us',
  'de',
  'acme.com',
  'c_level',
  '2020-06-15',
  '10',
  'true',
  'd\'arc "x" \\ %_ $1',
  'größe',
  '😀',
] as const;
const NUMBERS = [-1, 0, 1, 9.99, 10, 10.5, 49, 50, 51, 200, 0.1, 1_000_000, 1e15] as const;
const DATES = ['1999-12-31', '2020-06-14', '2020-06-15', '2020-06-16', '2026-01-01'] as const;
const WINDOWS = [1, 7, 14, 28, 30, 60, 90, 3650] as const;
const HALF_LIVES = [1, 7, 14, 30, 45, 3650] as const;

/** Ages at which something changes: the edges of every window and half-life, the weeks of heat, the future. */
const AGES = [
  ...new Set([...WINDOWS, ...HALF_LIVES, 6, 8, 21, 27, 28, 56, 98].flatMap((edge) => [edge - 1, edge, edge * 2])),
  -400,
  -2,
  -1,
];

const word = fc.constantFrom(...WORDS);
const number = fc.constantFrom(...NUMBERS);
const date = fc.constantFrom(...DATES);
const window = fc.constantFrom(...WINDOWS);
const scalar: fc.Arbitrary<string | number | boolean> = fc.oneof(word, number, fc.boolean(), date);
const field = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...ACCOUNT_KEYS).map((key) => `account.${key}`) },
  { weight: 6, arbitrary: fc.constantFrom(...PERSON_KEYS).map((key) => `person.${key}`) },
  { weight: 1, arbitrary: fc.constant('opportunity.stage') },
);
const eventTypes = fc.oneof(
  { weight: 9, arbitrary: fc.uniqueArray(fc.constantFrom(...EVENT_TYPES), { minLength: 1, maxLength: 4 }) },
  // a type named twice still counts an event once
  { weight: 1, arbitrary: fc.constantFrom(...EVENT_TYPES).map((type) => [type, type]) },
);
const signalTest = fc.record({ type: fc.constantFrom(...SIGNAL_TYPES), within_days: window });

const rangeOf = <T extends number | string>(bounds: fc.Arbitrary<T>) =>
  fc.tuple(bounds, bounds, fc.constantFrom('min', 'max', 'both')).map(([a, b, ends]) => {
    const [low, high] = a <= b ? [a, b] : [b, a];
    return ends === 'min' ? { min: a } : ends === 'max' ? { max: a } : { min: low, max: high };
  });

const predicates = fc.letrec<{ leaf: PredicateDocument; tree: PredicateDocument }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ field, eq: scalar }),
    fc.record({ field, in: fc.array(scalar, { minLength: 1, maxLength: 5 }) }),
    fc.record({ field, in_list: fc.constantFrom(...LISTS) }),
    fc.record({ field, range: fc.oneof(rangeOf(number), rangeOf(date)) }),
    fc.record({ field, exists: fc.boolean() }),
    fc.record({ field, has: fc.array(word, { minLength: 1, maxLength: 3 }) }),
    fc.record({
      count: fc.record({ types: eventTypes, window_days: window }),
      range: rangeOf(fc.constantFrom(-1, 0, 1, 1.5, 2, 3, 5)),
    }),
    fc.record({ signal: signalTest }),
  ),
  tree: fc.oneof(
    { depthSize: 'medium', maxDepth: 6, withCrossShrink: true },
    { weight: 3, arbitrary: tie('leaf') },
    { weight: 1, arbitrary: fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ not: tie('tree') }) },
  ),
}));

/** A predicate of any form and depth; lists are among those of `rubric`. */
export const predicate: fc.Arbitrary<PredicateDocument> = predicates.tree.map((document) => predicateDocument.parse(document));

const points = fc.constantFrom(-30, -7, -1, 0, 1, 3, 8, 10, 25, 60);
const missing = fc.option(fc.constantFrom(-5, 0, 2, 4), { nil: undefined, freq: 2 });
const steps = fc
  .uniqueArray(fc.tuple(number, points), { minLength: 1, maxLength: 6, selector: ([from]) => from })
  .map((pairs) => pairs.toSorted((a, b) => a[0] - b[0]));
const eventRule = fc.record(
  {
    types: eventTypes,
    window_days: window,
    half_life_days: fc.constantFrom(...HALF_LIVES),
    points: fc.constantFrom(-9, -1, 1, 3, 7, 40),
    cap: fc.constantFrom(1, 5, 18, 1000),
  },
  { requiredKeys: ['types', 'window_days', 'points', 'cap'] },
);
const criterionForm = fc.oneof(
  { weight: 4, arbitrary: fc.record({ when: predicates.tree, points, missing }) },
  { weight: 2, arbitrary: fc.record({ bands: fc.record({ field, steps }), missing }) },
  { weight: 3, arbitrary: fc.record({ events: eventRule }) },
  { weight: 1, arbitrary: fc.record({ signal: signalTest, points }) },
);
const criterion = fc.tuple(
  criterionForm,
  fc.constantFrom(...GROUPS),
  fc.option(fc.constantFrom('account', 'lead', 'both'), { nil: undefined, freq: 3 }),
);
const disqualifier = fc.record({ when: predicates.tree, reason: fc.constantFrom('REL-02', 'FIT-01') });

const heatTest = fc.record(
  {
    points: fc.constantFrom(0, 1, 5, 20),
    people: fc.constantFrom(0, 1, 2, 3),
    momentum_percent: fc.constantFrom(1, 50, 100, 150, 300),
  },
  { requiredKeys: [] },
);
const heat = fc.record(
  {
    types: eventTypes,
    people_days: window,
    hot: heatTest,
    warm: heatTest,
    act_now: fc.array(signalTest, { maxLength: 2 }),
  },
  { requiredKeys: ['hot', 'warm'] },
);

/** A rubric of every form; mostly short, now and then with as many criteria and disqualifiers as are allowed. */
export const rubric: fc.Arbitrary<Rubric> = fc
  .record({
    max: fc.option(fc.constantFrom(1, 50, 100, 250), { nil: undefined }),
    tiers: fc.constantFrom({ A: 70, B: 45 }, { A: 2, B: 1 }, { A: 20, B: 10 }, { A: 500, B: 5 }),
    caps: fc.tuple(...GROUPS.map(() => fc.constantFrom(0, 10, 25, 60, 1000))),
    criteria: fc.oneof(
      { weight: 9, arbitrary: fc.array(criterion, { minLength: 1, maxLength: 12, size: 'max' }) },
      { weight: 1, arbitrary: fc.array(criterion, { minLength: 1, maxLength: 50, size: 'max' }) },
    ),
    disqualify: fc.oneof(
      { weight: 9, arbitrary: fc.array(disqualifier, { maxLength: 2 }) },
      { weight: 1, arbitrary: fc.array(disqualifier, { maxLength: 30, size: 'max' }) },
    ),
    lists: fc.record({
      competitors: fc.array(word, { maxLength: 4 }),
      targets: fc.array(word, { maxLength: 4 }),
      nobody: fc.constant([]),
    }),
    heat,
  })
  .map(({ caps, criteria, disqualify, ...rest }) =>
    rubricDocument.parse({
      kind: 'rubric',
      ...rest,
      groups: Object.fromEntries(GROUPS.map((name, i) => [name, { cap: caps[i] }])),
      criteria: criteria.map(([form, group, kind], i) => ({ id: `c${i}`, group, for: kind, ...form })),
      disqualify: disqualify.map((rule, i) => ({ id: `d${i}`, ...rule })),
    }),
  );

/** A field's value: mostly of a type that some test reads, now and then of one that none does. */
const value = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 4, arbitrary: number },
  { weight: 2, arbitrary: date },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: fc.array(word, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, '', [], {}, [1, null, ['us']], { us: true }, 'Software', '2020-6-15', '￿') },
);

const fieldsOf = (keys: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: keys.length, size: 'max', noNullPrototype: true });

const age = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...AGES) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }) });
const happening = fc.tuple(fc.constantFrom(...EVENT_TYPES, ...EVENT_TYPES, ...OTHER_EVENT_TYPES), age);
const happenings = fc.oneof(
  { weight: 8, arbitrary: fc.array(happening, { maxLength: 5, size: 'max' }) },
  { weight: 1, arbitrary: fc.array(happening, { maxLength: 30, size: 'max' }) },
);

const signals = fc.array(fc.tuple(fc.constantFrom(...SIGNAL_TYPES), age), { maxLength: 2 });
const person = fc.tuple(fieldsOf(PERSON_KEYS), happenings);
const account = fc.tuple(fieldsOf(ACCOUNT_KEYS), fc.array(person, { maxLength: 3, size: 'max' }), happenings, signals);

export interface CaseEvent {
  type: string;
  day: number;
}
export interface CasePerson {
  fields: Record<string, unknown>;
  events: CaseEvent[];
}
export interface CaseAccount {
  fields: Record<string, unknown>;
  people: CasePerson[];
  /** Events of the account that name no person. */
  anonymousEvents: CaseEvent[];
  /** The account's signals, without a person. */
  signals: CaseEvent[];
}
/** A person of no account; the events count for the account that they name, if any. */
export interface CaseStranger extends CasePerson {
  /** Its place in `accounts`. */
  visits: number | null;
}
/** One rubric and many subjects: each account, each of its people, and people of no account. */
export interface CaseBatch {
  rubric: Rubric;
  asOfDay: number;
  accounts: CaseAccount[];
  strangers: CaseStranger[];
  /** Which rows count as one, by places that are taken round the number of rows. */
  merges: { accounts: number[][]; people: number[][] };
  /** Pairs that counted as one, and do no longer. */
  ended: { accounts: number[][]; people: number[][] };
}

const places = (size: number) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<number[][]>([]) },
    { weight: 2, arbitrary: fc.array(fc.array(fc.nat(250), { minLength: 2, maxLength: size }), { maxLength: 12, size: 'max' }) },
  );

/** One rubric × about 75 subjects on average; 200 runs make some 15,000 cases. */
export const caseBatch: fc.Arbitrary<CaseBatch> = fc
  .record({
    rubric,
    asOfDay: fc.oneof(fc.integer({ min: 19_000, max: 21_000 }), fc.constantFrom(0, 4000)),
    accounts: fc.array(account, { minLength: 1, maxLength: 60, size: 'max' }),
    strangers: fc.array(fc.tuple(person, fc.option(fc.nat(59))), { maxLength: 8, size: 'max' }),
    merges: fc.record({ accounts: places(4), people: places(5) }),
    ended: fc.record({ accounts: places(2), people: places(2) }),
  })
  .map(({ asOfDay, accounts, strangers, ...rest }) => {
    const dated = (list: [string, number][]): CaseEvent[] => list.map(([type, age]) => ({ type, day: asOfDay - age }));
    const asPerson = ([fields, events]: [Record<string, unknown>, [string, number][]]): CasePerson => ({ fields, events: dated(events) });
    return {
      ...rest,
      asOfDay,
      accounts: accounts.map(([fields, people, anonymousEvents, signals]) => ({
        fields,
        people: people.map(asPerson),
        anonymousEvents: dated(anonymousEvents),
        signals: dated(signals),
      })),
      strangers: strangers.map(([stranger, visits]) => ({
        ...asPerson(stranger),
        visits: visits === null ? null : visits % accounts.length,
      })),
    };
  });
