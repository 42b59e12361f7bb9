import { z } from 'zod';
import type { Icp } from '../definitions/core/icp.ts';
import type { Rubric } from '../definitions/core/rubric.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf } from '../kernel/dates.ts';
import type { Standpoint } from '../scoring/core/standpoints-sql.ts';
import type { ClosedDeals } from './closed-deals.ts';
import { type CutOff, type LeftOut, type Outcome, outcomeOf } from './core/deal-outcomes.ts';
import { counts, fieldColumns, type KnownColumn, levels } from './core/known-columns.ts';
import { eventsToWatch, fieldsToRead, NO, type ReadField, YES } from './core/outcome-fields.ts';
import type { OutcomeTable } from './core/outcome-table.ts';
import { standingRubric } from './core/standing-rubric.ts';
import { inParts } from './in-parts.ts';
import { type Asked, entitiesThen, knownFields, peopleThen } from './known-fields.ts';
import { phase } from './phase.ts';
import { type ScoredThen, scoreThen } from './score-then.ts';

/** Deals whose people and fields one statement reads. */
const PART = { size: 1_000, serverSize: 5_000 };

export interface OutcomeScope {
  /** Days from 1970-01-01: the first day of closes, and the day after the last. */
  from: number;
  to: number;
  /** Read of that time. */
  closed: ClosedDeals;
  cutOff: CutOff;
  rubric: Rubric;
  icp: Icp;
  taxonomy: Taxonomy;
}

/** Closed deals and what was known of each before its outcome. */
export interface ReadOutcomes {
  table: OutcomeTable;
  columns: KnownColumn[];
  /** Each deal's account as the rubric in force scores it as of the cut-off. */
  scores: (Omit<ScoredThen, 'kept'> & Partial<Pick<ScoredThen, 'kept'>>)[];
  /** What was asked for them. */
  asked: Standpoint[];
  accounts: number;
  /** Of the deals in the table: whose account was in the workspace by the cut-off, and of whom no field was known. */
  witnessed: number;
  nothingKnown: number;
  /** Closed deals that are not in the table, by why. */
  leftOut: Partial<Record<LeftOut, number>>;
  /** Deals of the workspace that are closed, whenever, and those still open. */
  all: { closed: number; open: number };
  negative: number;
  /** Fields that are never looked at: the outcome sets them. */
  denied: { name: string; label: string }[];
  /** The knowledge clock that all of it was read at. */
  knownAt: Date;
}

/**
 * The closed deals of a time as a table: fields of the account and of the person through whom the deal came, events and signals, the ICP's
 * segment and the score of the rubric in force, all of them as they were known at the deal's cut-off (core/deal-outcomes.ts). What is learned
 * while it reads is of after the clock of `closed`: no snapshot is held between its statements.
 */
export async function readOutcomes(ctx: Context, scope: OutcomeScope): Promise<ReadOutcomes> {
  const { knownAt, deals, all, negative } = scope.closed;
  const today = dayOf(ctx.now());
  const leftOut: ReadOutcomes['leftOut'] = {};
  const outcomes: Outcome[] = [];
  for (const deal of deals) {
    const outcome = outcomeOf(deal, { today, knownAt: knownAt.getTime(), cutOff: scope.cutOff });
    if (typeof outcome === 'string') leftOut[outcome] = (leftOut[outcome] ?? 0) + 1;
    // a deal that is taken by when it was first heard of as closed may be of another time
    else if (outcome.closedDay >= scope.from && outcome.closedDay < scope.to) outcomes.push(outcome);
  }
  const { read, denied } = fieldsToRead(scope.taxonomy);
  const entities = await readEntities(phase(ctx, 0, 5), outcomes);
  const keep = read.flatMap(({ entity, key }) => (entity === 'account' ? [key] : []));
  const scored = await readScores(phase(ctx, 5, 70), outcomes, entities, scope, keep);
  const known = await readKnown(phase(ctx, 70, 100), outcomes, { read, scope, today, scores: scored.scores });
  const columns = [...known.columns, ...scored.columns];
  return {
    table: {
      ids: outcomes.map(({ id }) => id),
      won: Uint8Array.from(outcomes, ({ won }) => (won ? 1 : 0)),
      closed: Float64Array.from(outcomes, ({ closedDay }) => closedDay),
      opened: Float64Array.from(outcomes, ({ openedDay }) => openedDay ?? Number.NaN),
      columns: columns.map(({ column }) => column),
    },
    columns,
    scores: scored.scores,
    asked: scored.asked,
    accounts: new Set(entities).size,
    witnessed: outcomes.filter(({ witnessed }) => witnessed).length,
    nothingKnown: known.nothingKnown,
    leftOut,
    all,
    negative,
    denied,
    knownAt,
  };
}

const askedOf = ({ id, account, knownAt, cutOffDay }: Outcome): Asked => ({ id, node: account, knownAt, day: cutOffDay });

/** What the account of each counted as then. */
async function readEntities(ctx: Context, outcomes: readonly Outcome[]): Promise<string[]> {
  const entities = outcomes.map(({ account }) => account);
  await inParts(ctx, { all: outcomes, ...PART, what: 'deals read' }, async (part, start) => {
    const then = await entitiesThen(ctx, part.map(askedOf));
    for (const [i, { id, account }] of part.entries()) entities[start + i] = then.get(id) ?? account;
  });
  return entities;
}

interface Known {
  read: readonly ReadField[];
  scope: OutcomeScope;
  today: number;
  scores: ReadOutcomes['scores'];
}

async function readKnown(ctx: Context, outcomes: readonly Outcome[], { read: fields, scope, today, scores }: Known) {
  const keysOf = (entity: ReadField['entity']) => fields.filter((field) => field.entity === entity).map(({ key }) => key);
  const values = new Map(fields.map(({ name }) => [name, new Array<unknown>(outcomes.length).fill(undefined)]));
  const ofToday = scope.cutOff.values === 'today';
  const policy = scope.taxonomy;
  let nothingKnown = 0;
  await inParts(ctx, { all: outcomes, ...PART, what: 'fields read' }, async (part, start) => {
    const asked = part.map(askedOf);
    const people = await peopleThen(ctx, asked);
    // of fields as they are today everything counts that is known today
    const lookedAt = ofToday ? asked.map((one) => ({ ...one, day: today })) : asked;
    const account = ofToday
      ? await knownFields(ctx, 'account', lookedAt, { fields: keysOf('account'), policy })
      : new Map(part.map(({ id }, i) => [id, keptFields(scores[start + i]?.kept?.fields, keysOf('account'))]));
    const withPerson = lookedAt.flatMap((one) => {
      const node = people.get(one.id);
      return node === undefined ? [] : [{ ...one, node }];
    });
    const person = await knownFields(ctx, 'person', withPerson, { fields: keysOf('person'), policy });
    for (const [i, { id }] of part.entries()) {
      const said = { account: account.get(id), person: person.get(id) };
      if (said.account === undefined && said.person === undefined) nothingKnown += 1;
      for (const { name, key, entity } of fields) {
        const list = values.get(name);
        if (list !== undefined) list[start + i] = said[entity]?.[key];
      }
    }
  });
  return { columns: fields.flatMap((field) => fieldColumns(field, values.get(field.name) ?? [])), nothingKnown };
}

/** Those of the keys that were known; undefined where none was. */
function keptFields(kept: string | undefined, keys: readonly string[]): Record<string, unknown> | undefined {
  if (kept === undefined) return undefined;
  const fields = keptDocument.parse(JSON.parse(kept));
  return keys.some((key) => key in fields) ? fields : undefined;
}

const keptDocument = z.record(z.string(), z.unknown());

async function readScores(
  ctx: Context,
  outcomes: readonly Outcome[],
  entities: readonly string[],
  scope: OutcomeScope,
  keep: readonly string[],
) {
  const standing = standingRubric(scope.rubric, scope.icp, eventsToWatch(scope.taxonomy, scope.rubric));
  const asked = outcomes.map(({ knownAt, cutOffDay: day }, i) => ({ entity: entities[i] ?? '', knownAt, day }));
  const found = await scoreThen(ctx, { rubric: standing.rubric, policy: scope.taxonomy, keep }, asked);
  // an account that a deal names and was never heard of has no score
  const scores = found.map((one): ReadOutcomes['scores'][number] => one ?? { score: 0, tier: 'C', points: [] });
  const at = (place: number) => scores.map(({ points }) => points[place]);
  const columns: KnownColumn[] = [];
  if (standing.segments.length > 0 && outcomes.length > 0) {
    const segment = scores.map(({ points }) =>
      points.length === 0 ? undefined : (standing.segments.find((one) => points[one.at] === 1)?.id ?? 'none'),
    );
    columns.push({ column: levels('icp.segment', 'ICP segment', segment), meaning: { kind: 'segment' } });
  }
  for (const { watched, at: place } of standing.events) {
    const { name, label, meaning } = watched;
    const numbers = at(place);
    // what never happened to anybody tells nothing
    if (numbers.every((n) => n === undefined || n === 0)) continue;
    const column =
      meaning.kind === 'count'
        ? counts(name, label, numbers)
        : levels(
            name,
            label,
            numbers.map((n) => (n === undefined ? undefined : n > 0 ? YES : NO)),
          );
    columns.push({ column, meaning });
  }
  return { columns, scores, asked };
}
