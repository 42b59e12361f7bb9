import { checkConstant, checkField, checkPredicate, checkTypes, type Surroundings, suggestion } from './check-predicate.ts';
import { checkAgainstIcp, type Wanted } from './check-rubric-against-icp.ts';
import type { DefinitionKind, DocumentOf } from './definition.ts';
import type { Icp } from './icp.ts';
import { keywordKey } from './keyword.ts';
import type { PredicateDocument } from './predicate.ts';
import type { Holed, Located, Path } from './problems.ts';
import type { Sla } from './sla.ts';
import { spellingsOf, type Taxonomy, type TaxonomyField } from './taxonomy.ts';
import { anA } from './words.ts';

/** The definitions that others refer to. */
export interface World {
  taxonomy?: Taxonomy | undefined;
  icp?: Wanted | undefined;
  sla?: Pick<Sla, 'calendars'> | undefined;
}

/**
 * Checks what a document says of other definitions: the fields, operators and constants of its predicates, event types,
 * signals, stages, lead sources and rejection codes against the taxonomy, segments and rewarded values against the ICP, calendars
 * against the SLA.
 * @param document passed its schema, or is the rest of one that did not (`Parsed.rest`).
 */
export function checkReferences<K extends DefinitionKind>(kind: K, document: unknown, world: World): Located[] {
  if (typeof document !== 'object' || document === null) return [];
  // a taxonomy is checked against itself, as far as it stands
  const own = kind === 'taxonomy' ? asTaxonomy(document) : world.taxonomy;
  if (own === undefined) return [];
  const check = CHECKS[kind] as (document: unknown, taxonomy: Taxonomy, world: World) => Located[];
  return check(document, own, world);
}

type Check<K extends DefinitionKind> = (document: Holed<DocumentOf[K]>, taxonomy: Taxonomy, world: World) => Located[];

const CHECKS: { [K in DefinitionKind]: Check<K> } = {
  rubric(rubric, taxonomy, { icp }) {
    const around: Surroundings = { taxonomy, entities: ['account', 'person'], lists: rubric.lists ?? {} };
    return [
      ...each(rubric.criteria, ['criteria'], (c, path) => [
        ...checkPredicate(c.when, [...path, 'when'], around),
        ...checkBands(c.bands?.field, [...path, 'bands', 'field'], around),
        ...checkTypes(c.events?.types, [...path, 'events', 'types'], 'engagement', taxonomy),
        ...checkTypes(c.signal?.type, [...path, 'signal', 'type'], 'signal', taxonomy),
        ...readsNobody(c, path),
      ]),
      ...each(rubric.disqualify, ['disqualify'], (d, path) => [
        ...checkPredicate(d.when, [...path, 'when'], around),
        ...checkCode(d.reason, [...path, 'reason'], taxonomy),
      ]),
      ...checkTypes(rubric.heat?.types, ['heat', 'types'], 'engagement', taxonomy),
      ...each(rubric.heat?.act_now, ['heat', 'act_now'], (s, path) => checkTypes(s.type, [...path, 'type'], 'signal', taxonomy)),
      ...checkAgainstIcp(rubric, icp),
    ];
  },
  taxonomy(document, taxonomy, { sla }) {
    const ofLead: Surroundings = { taxonomy, entities: ['person', 'account'] };
    const ofAny: Surroundings = { taxonomy, entities: ['account', 'person', 'opportunity'] };
    const calendars = Object.keys(sla?.calendars ?? {});
    const meaning = new Map(
      (document.lead_sources ?? []).flatMap((one) => spellingsOf(one).map(([, word]) => [keywordKey(word), one?.id] as const)),
    );
    return [
      ...checkPredicate(document.mql, ['mql'], ofLead),
      ...each(document.routing?.territories, ['routing', 'territories'], (one, path) => when(one.when, path, ofLead)),
      ...each(document.routing?.pools, ['routing', 'pools'], (pool, path) =>
        each(pool.members, [...path, 'members'], (member, at) =>
          sla === undefined ? [] : checkName(member.calendar, calendars, [...at, 'calendar'], 'the SLA has no calendar'),
        ),
      ),
      ...each(document.merge, ['merge'], ({ field: name }, path) => {
        const field = name === undefined ? undefined : checkField(name, [...path, 'field'], ofAny);
        return field === undefined || 'type' in field ? [] : [field];
      }),
      ...each(document.compare_by, ['compare_by'], (one, path) => checkSide(one, path, ofLead)),
      ...each(document.segments, ['segments'], (one, path) => [
        ...when(one.when, path, ofLead),
        ...checkCode(one.because, [...path, 'because'], taxonomy),
      ]),
      ...each(document.rejection_codes, ['rejection_codes'], (code, path) => {
        const at = [...path, 'before'];
        return ofField(code.before, at, ofAny, (field) =>
          field.type === 'date' ? [] : [{ path: at, message: `${described(field)}; a date field is needed` }],
        );
      }),
      ...each(document.fields, ['fields'], (field, path) => {
        if (field.name?.endsWith('.lead_source') !== true) return [];
        return Object.entries(field.values ?? {}).flatMap(([value, spellings]) => [
          ...checkSource(value, [...path, 'values', value], document),
          ...checkSpellings(value, spellings, [...path, 'values', value], meaning),
        ]);
      }),
    ];
  },
  icp(icp, taxonomy) {
    const ofAccount: Surroundings = { taxonomy, entities: ['account'] };
    const ofPerson: Surroundings = { taxonomy, entities: ['person', 'account'] };
    return [
      ...each(icp.segments, ['segments'], (s, path) => when(s.when, path, ofAccount)),
      ...each(icp.exclude, ['exclude'], (x, path) => [
        ...when(x.when, path, ofAccount),
        ...checkCode(x.reason, [...path, 'reason'], taxonomy),
      ]),
      ...each(icp.buying_group, ['buying_group'], (role, path) => when(role.when, path, ofPerson)),
      ...each(icp.personas, ['personas'], (persona, path) => when(persona.when, path, ofPerson)),
      ...each(icp.firmographics, ['firmographics'], (fact, path) => checkFirmographic(fact, path, ofAccount)),
    ];
  },
  sla(sla, taxonomy) {
    const leads = (x: Holed<NonNullable<Sla['clocks'][number]['exceptions']>[number]>, path: Path) => [
      ...when(x.when, path, { taxonomy, entities: ['account', 'person'] }),
      ...each(x.sources, [...path, 'sources'], (source, at) => checkSource(source, at, taxonomy)),
    ];
    const attempts = (given: Holed<Sla['follow_up']['attempts']> | undefined, path: Path) =>
      each(given, [...path, 'attempts'], (attempt, at) => checkTypes(attempt.type, [...at, 'type'], 'engagement', taxonomy));
    return [
      ...each(sla.clocks, ['clocks'], (clock, path) => each(clock.exceptions, [...path, 'exceptions'], leads)),
      ...attempts(sla.follow_up?.attempts, ['follow_up']),
      ...each(sla.follow_up?.exceptions, ['follow_up', 'exceptions'], (x, path) => [...leads(x, path), ...attempts(x.attempts, path)]),
    ];
  },
  attribution(attribution, taxonomy) {
    return [
      ...each(attribution.channels, ['channels'], (c, path) => checkTypes(c.types, [...path, 'types'], 'engagement', taxonomy)),
      ...Object.entries(attribution.milestones ?? {}).flatMap(([name, stage]) => checkStage(stage, ['milestones', name], taxonomy)),
      ...each(attribution.funnel, ['funnel'], (step, path) => [
        ...checkStage(step.from, [...path, 'from'], taxonomy),
        ...checkStage(step.to, [...path, 'to'], taxonomy),
      ]),
    ];
  },
  cadence() {
    return [];
  },
  playbook(playbook, taxonomy, { icp }) {
    const segments = icp?.segments.map((s) => s.id);
    return [
      ...each(playbook.plays, ['plays'], (play, path) =>
        when(play.when, path, { taxonomy, entities: ['account', 'person', 'opportunity'] }),
      ),
      ...each(playbook.objections, ['objections'], (o, path) =>
        (o.codes ?? []).flatMap((code, i) => checkCode(code, [...path, 'codes', i], taxonomy)),
      ),
      ...each(playbook.customers, ['customers'], (customer, path) =>
        segments === undefined || customer.segment === undefined || segments.includes(customer.segment)
          ? []
          : [
              {
                path: [...path, 'segment'],
                message: `the ICP has no segment "${customer.segment}"${suggestion(customer.segment, segments)}`,
              },
            ],
      ),
    ];
  },
};

function each<T>(items: readonly (T | undefined)[] | undefined, path: Path, check: (item: T, path: Path) => Located[]): Located[] {
  return (items ?? []).flatMap((item, i) => (item === undefined ? [] : check(item, [...path, i])));
}

function when(predicate: Holed<PredicateDocument> | undefined, path: Path, around: Surroundings): Located[] {
  return checkPredicate(predicate, [...path, 'when'], around);
}

/** Checks a field that the taxonomy has further; of another one says why it cannot be used. */
function ofField(name: string | undefined, path: Path, around: Surroundings, check: (field: TaxonomyField) => Located[]): Located[] {
  if (name === undefined) return [];
  const field = checkField(name, path, around);
  return 'type' in field ? check(field) : [field];
}

const described = ({ name, type }: TaxonomyField) => `${name} is ${anA(type)} ${type} field`;

function checkBands(name: string | undefined, path: Path, around: Surroundings): Located[] {
  return ofField(name, path, around, (field) =>
    field.type === 'integer' || field.type === 'number'
      ? []
      : [{ path, message: `${described(field)}: bands need an integer or number field; use when` }],
  );
}

function readsNobody(
  c: { for?: string | undefined; when?: unknown; bands?: { field?: string | undefined } | undefined },
  path: Path,
): Located[] {
  if (c.for !== 'account' || !JSON.stringify(c.when ?? c.bands ?? null).includes('"field":"person.')) return [];
  return [{ path: [...path, 'for'], message: 'an account has no person.* fields, so this would always be unknown: use for: lead' }];
}

function checkCode(code: string | undefined, path: Path, taxonomy: Taxonomy): Located[] {
  const codes = taxonomy.rejection_codes.map((r) => r.code);
  if (code === undefined || codes.includes(code)) return [];
  return [{ path, message: `the taxonomy has no rejection code ${code}${suggestion(code, codes)}` }];
}

function checkName(name: string | undefined, names: readonly (string | undefined)[] | undefined, path: Path, none: string): Located[] {
  const known = (names ?? []).filter((one) => one !== undefined);
  // a hole may be the one that is meant
  if (name === undefined || known.includes(name) || known.length < (names ?? [undefined]).length) return [];
  return [{ path, message: `${none} "${name}"${suggestion(name, known) || '; there are none'}` }];
}

const checkStage = (stage: string | undefined, path: Path, { lifecycle }: Taxonomy) =>
  checkName(
    stage,
    lifecycle?.map((one) => one?.id),
    path,
    "the taxonomy's lifecycle has no stage",
  );

const checkSource = (source: string | undefined, path: Path, { lead_sources: sources }: Pick<Holed<Taxonomy>, 'lead_sources'>) =>
  checkName(
    source,
    sources?.map((one) => one?.id),
    path,
    'the taxonomy has no lead source',
  );

/** A spelling in the vocabulary of a field means what the lead sources say that it means. */
function checkSpellings(
  source: string,
  spellings: readonly (string | undefined)[] | undefined,
  path: Path,
  meaning: ReadonlyMap<string, string | undefined>,
): Located[] {
  return each(spellings, path, (spelling, at) => {
    const other = meaning.get(keywordKey(spelling));
    return other === undefined || other === source ? [] : [{ path: at, message: `lead_sources says that "${spelling}" means ${other}` }];
  });
}

/** A side by which leads are compared: of a number in steps, of anything else by its values. */
function checkSide(
  { field: name, steps }: Holed<NonNullable<Taxonomy['compare_by']>[number]>,
  path: Path,
  around: Surroundings,
): Located[] {
  return ofField(name, [...path, 'field'], around, (field) => {
    const isNumber = field.type === 'integer' || field.type === 'number';
    if (isNumber && steps === undefined) return [{ path, message: `${described(field)}: give steps, as in [50, 200, 1000]` }];
    if (!isNumber && steps !== undefined) return [{ path: [...path, 'steps'], message: `${described(field)}: steps go with numbers` }];
    return [];
  });
}

function checkFirmographic(
  { field: name, values }: Holed<NonNullable<Icp['firmographics']>[number]>,
  path: Path,
  around: Surroundings,
): Located[] {
  return ofField(name, [...path, 'field'], around, (field) => {
    if (values !== undefined && !LISTABLE.has(field.type))
      return [{ path: [...path, 'values'], message: `${described(field)}: values go with keywords, lists, countries and texts` }];
    return each(values, [...path, 'values'], (value, at) => {
      const message = checkConstant(value, field, false);
      return message === undefined ? [] : [{ path: at, message }];
    });
  });
}

const LISTABLE = new Set<string>(['keyword', 'list', 'country', 'text']);

/** The taxonomy's own parts that stand, for checks against itself. */
function asTaxonomy(document: Holed<Taxonomy>): Taxonomy | undefined {
  const { fields, event_types: types, rejection_codes: codes } = document;
  if (fields === undefined || types === undefined || codes === undefined) return undefined;
  const whole = (f: Holed<TaxonomyField>) => {
    const holed = Object.values(f.values ?? {}).some((spellings) => spellings === undefined || spellings.includes(undefined));
    return holed ? { ...f, values: undefined } : f;
  };
  return {
    ...document,
    fields: fields.flatMap((f) => (f?.name === undefined || f.type === undefined ? [] : [whole(f)])),
    event_types: types.filter((t) => t?.id !== undefined && t.class !== undefined),
    rejection_codes: codes.filter((c) => c?.code !== undefined),
  } as Taxonomy;
}
