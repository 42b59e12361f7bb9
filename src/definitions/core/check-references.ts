import { checkField, checkPredicate, checkTypes, type Surroundings, suggestion } from './check-predicate.ts';
import type { DefinitionKind, DocumentOf } from './definition.ts';
import type { PredicateDocument } from './predicate.ts';
import type { Located, Path } from './problems.ts';
import type { Taxonomy } from './taxonomy.ts';

/** The definitions that others refer to. */
export interface World {
  taxonomy?: Taxonomy | undefined;
  icp?: { segments: readonly { id: string }[] } | undefined;
}

/** A document, or what is left of one: its lists may have holes where an item has problems of its own. */
type Holed<T> = T extends readonly (infer Item)[]
  ? readonly (Holed<Item> | undefined)[]
  : T extends PredicateDocument
    ? T
    : T extends object
      ? { [K in keyof T]?: Holed<T[K]> | undefined }
      : T;

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
    const around: Surroundings = { taxonomy, entities: ['account', 'person'], lists: strip(rubric.lists) };
    return [
      ...each(rubric.criteria, ['criteria'], (c, path) => [
        ...(c.when === undefined ? [] : checkPredicate(c.when as PredicateDocument, [...path, 'when'], around)),
        ...(c.bands?.field === undefined ? [] : checkBands(c.bands.field, [...path, 'bands', 'field'], around)),
        ...(c.events?.types === undefined ? [] : checkTypes(c.events.types, [...path, 'events', 'types'], 'engagement', taxonomy)),
        ...(c.signal?.type === undefined ? [] : checkTypes(c.signal.type, [...path, 'signal', 'type'], 'signal', taxonomy)),
        ...readsNobody(c, path),
      ]),
      ...each(rubric.disqualify, ['disqualify'], (d, path) => [
        ...(d.when === undefined ? [] : checkPredicate(d.when as PredicateDocument, [...path, 'when'], around)),
        ...checkCode(d.reason, [...path, 'reason'], taxonomy),
      ]),
      ...checkTypes(rubric.heat?.types ?? [], ['heat', 'types'], 'engagement', taxonomy),
      ...each(rubric.heat?.act_now, ['heat', 'act_now'], (s, path) => checkTypes(s.type ?? [], [...path, 'type'], 'signal', taxonomy)),
    ];
  },
  taxonomy(document, taxonomy) {
    const mql = document.mql as PredicateDocument | undefined;
    return [
      ...(mql === undefined ? [] : checkPredicate(mql, ['mql'], { taxonomy, entities: ['person', 'account'] })),
      ...each(document.rejection_codes, ['rejection_codes'], (code, path) => {
        if (code.before === undefined) return [];
        const field = checkField(code.before, [...path, 'before'], { taxonomy, entities: ['account', 'person', 'opportunity'] });
        if (!('type' in field)) return [field];
        return field.type === 'date'
          ? []
          : [{ path: [...path, 'before'], message: `${field.name} is a ${field.type} field; a date field is needed` }];
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
        checkTypes(attempt.type ?? [], [...path, 'type'], 'engagement', taxonomy),
      ),
    ];
  },
  attribution(attribution, taxonomy) {
    return each(attribution.channels, ['channels'], (c, path) => checkTypes(c.types ?? [], [...path, 'types'], 'engagement', taxonomy));
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

function when(predicate: unknown, path: Path, around: Surroundings): Located[] {
  return predicate === undefined ? [] : checkPredicate(predicate as PredicateDocument, [...path, 'when'], around);
}

function checkBands(name: string, path: Path, around: Surroundings): Located[] {
  const field = checkField(name, path, around);
  if (!('type' in field)) return [field];
  if (field.type === 'integer' || field.type === 'number') return [];
  return [{ path, message: `${name} is a ${field.type} field: bands need an integer or number field; use when` }];
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

function strip(lists: unknown): Surroundings['lists'] {
  return (lists ?? {}) as NonNullable<Surroundings['lists']>;
}

/** The taxonomy's own parts that stand, for checks against itself. */
function asTaxonomy(document: object): Taxonomy | undefined {
  const parts = document as { [K in 'fields' | 'event_types' | 'rejection_codes']?: (unknown | undefined)[] };
  if (parts.fields === undefined || parts.event_types === undefined || parts.rejection_codes === undefined) return undefined;
  const whole = (items: unknown[]) => items.filter((item) => item !== undefined);
  return {
    ...document,
    fields: whole(parts.fields),
    event_types: whole(parts.event_types),
    rejection_codes: whole(parts.rejection_codes),
  } as Taxonomy;
}
