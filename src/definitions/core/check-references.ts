import { checkField, checkPredicate, checkTypes, type Surroundings, suggestion } from './check-predicate.ts';
import type { DefinitionKind, DocumentOf } from './definition.ts';
import type { PredicateDocument } from './predicate.ts';
import type { Holed, Located, Path } from './problems.ts';
import type { Taxonomy, TaxonomyField } from './taxonomy.ts';
import { anA } from './words.ts';

/** The definitions that others refer to. */
export interface World {
  taxonomy?: Taxonomy | undefined;
  icp?: { segments: readonly { id: string }[] } | undefined;
}

/**
 * Checks what a document says of other definitions: the fields, operators and constants of its predicates, event types,
 * signals and rejection codes against the taxonomy, and segments against the ICP.
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
  rubric(rubric, taxonomy) {
    const around: Surroundings = { taxonomy, entities: ['account', 'person'], lists: rubric.lists ?? {} };
    return [
      ...each(rubric.criteria, ['criteria'], (c, path) => [
        ...checkPredicate(c.when, [...path, 'when'], around),
        ...(c.bands?.field === undefined ? [] : checkBands(c.bands.field, [...path, 'bands', 'field'], around)),
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
    ];
  },
  taxonomy(document, taxonomy) {
    return [
      ...checkPredicate(document.mql, ['mql'], { taxonomy, entities: ['person', 'account'] }),
      ...each(document.rejection_codes, ['rejection_codes'], (code, path) => {
        if (code.before === undefined) return [];
        const field = checkField(code.before, [...path, 'before'], { taxonomy, entities: ['account', 'person', 'opportunity'] });
        if (!('type' in field)) return [field];
        return field.type === 'date'
          ? []
          : [{ path: [...path, 'before'], message: `${field.name} is ${anA(field.type)} ${field.type} field; a date field is needed` }];
      }),
    ];
  },
  icp(icp, taxonomy) {
    const ofAccount: Surroundings = { taxonomy, entities: ['account'] };
    return [
      ...each(icp.segments, ['segments'], (s, path) => when(s.when, path, ofAccount)),
      ...each(icp.exclude, ['exclude'], (x, path) => [
        ...when(x.when, path, ofAccount),
        ...checkCode(x.reason, [...path, 'reason'], taxonomy),
      ]),
      ...each(icp.buying_group, ['buying_group'], (role, path) => when(role.when, path, { taxonomy, entities: ['person', 'account'] })),
    ];
  },
  sla(sla, taxonomy) {
    return [
      ...each(sla.clocks, ['clocks'], (clock, path) =>
        each(clock.exceptions, [...path, 'exceptions'], (x, at) => when(x.when, at, { taxonomy, entities: ['account', 'person'] })),
      ),
      ...each(sla.follow_up?.attempts, ['follow_up', 'attempts'], (attempt, path) =>
        checkTypes(attempt.type, [...path, 'type'], 'engagement', taxonomy),
      ),
    ];
  },
  attribution(attribution, taxonomy) {
    return each(attribution.channels, ['channels'], (c, path) => checkTypes(c.types, [...path, 'types'], 'engagement', taxonomy));
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

function checkBands(name: string, path: Path, around: Surroundings): Located[] {
  const field = checkField(name, path, around);
  if (!('type' in field)) return [field];
  if (field.type === 'integer' || field.type === 'number') return [];
  return [{ path, message: `${name} is ${anA(field.type)} ${field.type} field: bands need an integer or number field; use when` }];
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
