import type { Change } from '../../definitions/core/patch.ts';
import type { PredicateDocument } from '../../definitions/core/predicate.ts';
import { type Criterion, DEFAULT_MAX, fieldsOfCriterion, type Rubric } from '../../definitions/core/rubric.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Bin, IcpAnalysis, Proposal } from './analysis.ts';
import type { KnownColumn } from './known-columns.ts';
import { type Meaning, predicateOf } from './outcome-fields.ts';
import type { Column } from './outcome-table.ts';
import { bounded, spanOf } from './points.ts';

/** Points that a line may move in a quarter. */
export const MOST_CHANGE = 5;
const MOST_CRITERIA = 50;

/** One line of the draft rubric: a criterion of its own for one finding. */
export interface DraftLine {
  proposal: Proposal;
  /** Of the criterion: an existing one with this very predicate, or a new one. */
  id: string;
  group: string;
  when: PredicateDocument;
  /** Points of the criterion, now (0 of a new one) and under the draft. */
  before: number;
  after: number;
  /** What such deals earn over the average deal: by the rubric in force, and by the evidence. */
  earned: number;
  deserved: number;
}

/** A finding that changes nothing, and why. */
export interface Unwritten {
  proposal: Proposal;
  reason: string;
}

interface DraftLines {
  lines: DraftLine[];
  unwritten: Unwritten[];
}

interface Judged {
  analysis: IcpAnalysis;
  columns: readonly KnownColumn[];
  rubric: Rubric;
  /** Points of each deal in each criterion of the rubric; empty of a deal that has no score. */
  points: readonly (readonly number[])[];
}

/**
 * The findings as lines of the rubric. What such deals earn today over the average deal, by all criteria that read the field, moves towards
 * what the evidence gives them, by at most `MOST_CHANGE`; a finding that the rubric counts for already changes nothing.
 */
export function draftLines({ analysis, columns, rubric, points }: Judged): DraftLines {
  const lines: DraftLine[] = [];
  const unwritten: Unwritten[] = [];
  const ids = new Set([...rubric.criteria, ...(rubric.disqualify ?? [])].map(({ id }) => id));
  const byName = new Map(columns.map((one) => [one.column.name, one]));
  let room = MOST_CRITERIA - rubric.criteria.length;
  for (const proposal of analysis.proposals) {
    const known = byName.get(proposal.field);
    const when = known === undefined ? undefined : predicateOf(known.meaning, proposal.bin);
    if (known === undefined || when === undefined) {
      unwritten.push({ proposal, reason: unsayable(proposal.bin) });
      continue;
    }
    const deserved = deservedBy(analysis, proposal, rubric.max ?? DEFAULT_MAX);
    if (deserved === undefined) {
      unwritten.push({ proposal, reason: 'another field says the same, and the fit counts that one' });
      continue;
    }
    const earned = earnedIn(known, proposal.bin, rubric, points);
    const change = bounded(Math.round(deserved - earned), MOST_CHANGE);
    if (change === 0 || change > 0 !== (proposal.direction === 'more')) {
      unwritten.push({
        proposal,
        reason: `the rubric in force counts it as much already (${signed(earned)} of ${signed(deserved)} points)`,
      });
      continue;
    }
    const same = rubric.criteria.find((one) => one.when !== undefined && canonicalJson(one.when) === canonicalJson(when));
    if (same === undefined && room === 0) {
      unwritten.push({ proposal, reason: `a rubric has at most ${MOST_CRITERIA} criteria: take one out first` });
      continue;
    }
    const before = same?.points ?? 0;
    const id = same?.id ?? newId(proposal, ids);
    if (same === undefined) room -= 1;
    ids.add(id);
    const group = same?.group ?? groupFor(known.meaning, rubric);
    lines.push({ proposal, id, group, when, before, after: before + change, earned: tenth(earned), deserved: tenth(deserved) });
  }
  return { lines, unwritten };
}

/** The lines as changes that `propose_definition` takes: a new criterion whole, of an old one the points; with none left it goes. */
export function changesOf(lines: readonly DraftLine[], { criteria }: Rubric): Change[] {
  return lines.map(({ id, group, when, after }) => {
    if (criteria.some((one) => one.id === id))
      return after === 0 ? { path: `criteria.${id}` } : { path: `criteria.${id}.points`, value: after };
    return { path: `criteria.${id}`, value: { id, group, when, points: after } };
  });
}

const tenth = (value: number) => Math.round(value * 10) / 10 + 0;
const signed = (value: number) => `${value > 0 ? '+' : ''}${tenth(value)}`;

function unsayable({ kind }: Bin): string {
  if (kind === 'missing') return 'that a value is not known tells of the data, not of the company: an unknown field earns nothing';
  if (kind === 'other') return 'it is many rare values together, which no criterion names';
  return 'no criterion can say it';
}

/** Points of the bin over the field's average deal, on the rubric's scale; undefined where the fit left the field out. */
function deservedBy({ rubric }: IcpAnalysis, { field, bin }: Proposal, max: number): number | undefined {
  const fields = rubric?.fields ?? [];
  const of = fields.find((one) => one.field === field);
  const level = of?.levels.find((one) => one.bin.kind === bin.kind && one.bin.label === bin.label);
  if (of === undefined || level === undefined || of.most === of.least) return undefined;
  const rows = of.levels.reduce((sum, { n }) => sum + n, 0);
  const mean = of.levels.reduce((sum, { n, points }) => sum + n * points, 0) / Math.max(1, rows);
  return ((level.points - mean) * max) / spanOf(fields);
}

/** Points that the bin's deals earn in the criteria that read the column, over those of the average deal. */
function earnedIn({ column, meaning }: KnownColumn, bin: Bin, { criteria }: Rubric, points: readonly (readonly number[])[]): number {
  const places = criteria.flatMap((criterion, at) => (reads(criterion, meaning) ? [at] : []));
  const isIn = membership(column, bin);
  const all = { n: 0, points: 0 };
  const inside = { n: 0, points: 0 };
  for (const [row, earned] of points.entries()) {
    if (earned.length === 0) continue;
    const sum = places.reduce((total, at) => total + (earned[at] ?? 0), 0);
    for (const group of isIn(row) ? [all, inside] : [all]) {
      group.n += 1;
      group.points += sum;
    }
  }
  return inside.n === 0 ? 0 : inside.points / inside.n - all.points / all.n;
}

/** Whether a row of the column falls into the bin. */
export function membership(column: Column, { kind, level, above = null, to = null }: Bin): (row: number) => boolean {
  if (column.type === 'level') {
    const code = kind === 'level' ? column.levels.indexOf(level ?? '') : -1;
    return (row) => column.codes[row] === code;
  }
  return (row) => {
    const value = column.values[row] ?? Number.NaN;
    return !Number.isNaN(value) && (above === null || value > above) && (to === null || value <= to);
  };
}

function reads(criterion: Criterion, meaning: Meaning): boolean {
  if (meaning.kind === 'segment') return false;
  if (meaning.kind === 'count') return criterion.events?.types.includes(meaning.type) ?? false;
  if (meaning.kind === 'signal') return criterion.signal?.type === meaning.type;
  return fieldsOfCriterion(criterion).includes(meaning.field);
}

/** Where the rubric counts what the column tells of, or else things of its kind. */
function groupFor(meaning: Meaning, { criteria, groups }: Rubric): string {
  const entity = 'field' in meaning ? meaning.field.split('.')[0] : undefined;
  const alike = (criterion: Criterion) => {
    if (meaning.kind === 'count') return criterion.events !== undefined;
    if (meaning.kind === 'signal') return criterion.signal !== undefined;
    return fieldsOfCriterion(criterion).some((field) => field.startsWith(`${entity}.`));
  };
  const like = criteria.find((criterion) => reads(criterion, meaning)) ?? criteria.find(alike);
  return like?.group ?? Object.keys(groups)[0] ?? 'fit';
}

const MOST_ID = 63;

/** `industry_fintech`: of the field and the level, as a slug that the rubric does not have yet. */
function newId({ field, bin }: Proposal, taken: ReadonlySet<string>): string {
  const range = [
    bin.above === undefined || bin.above === null ? '' : `over_${bin.above}`,
    bin.to === undefined || bin.to === null ? '' : `to_${bin.to}`,
  ];
  const text = bin.kind === 'level' && bin.level !== undefined ? bin.level : range.filter((part) => part !== '').join('_');
  const words = `${field.slice(field.indexOf('.') + 1)}_${text}`.toLowerCase();
  const stem = words.replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '') || 'finding';
  for (let n = 1; ; n += 1) {
    const end = n === 1 ? '' : `_${n}`;
    const id = `${stem.slice(0, MOST_ID - end.length)}${end}`;
    if (!taken.has(id)) return id;
  }
}
