import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import { type Candidate, candidatesFor, RECORD_KINDS, type RecordKind, SYSTEMS, type System, squash } from './targets.ts';

/** What one column means. */
export interface ColumnMapping {
  column: string;
  /** A field, a special target, or null: kept with the source record alone. */
  target: string | null;
  /** Why. */
  reason: string;
}

/** Targets that several columns may share. */
export const SHARED: ReadonlySet<string> = new Set(['attribute', 'ignore']);

/** Guesses what columns mean. A target goes to one column: the one whose header fits it best, then the first. */
export function guessMapping(
  columns: readonly string[],
  kind: RecordKind,
  taxonomy: Taxonomy,
  taken: ReadonlySet<string> = new Set(),
): ColumnMapping[] {
  const candidates = candidatesFor(kind, taxonomy);
  const ofColumn = columns.map(
    (column) => candidates.get(squash(column)) ?? candidates.get(squash(column.replace(/^property_/i, ''))) ?? [],
  );
  const system = commonSystem(ofColumn);
  const pairs = ofColumn
    .flatMap((list, column) => list.map((candidate) => ({ column, candidate, cost: cost(candidate, system) })))
    .sort((a, b) => a.cost - b.cost || a.column - b.column);
  const byColumn = new Map<number, Candidate>();
  const owner = new Map<string, string>();
  for (const { column, candidate } of pairs) {
    if (byColumn.has(column) || taken.has(candidate.target)) continue;
    if (owner.has(candidate.target) && !SHARED.has(candidate.target)) continue;
    byColumn.set(column, candidate);
    owner.set(candidate.target, columns[column] ?? '');
  }
  return columns.map((column, i) => {
    const chosen = byColumn.get(i);
    if (chosen !== undefined) return { column, target: chosen.target, reason: reasonOf(chosen) };
    const wanted = ofColumn[i]?.[0];
    if (wanted === undefined) return { column, target: null, reason: 'no field is known by this header' };
    return { column, target: null, reason: `${wanted.target} is taken by "${owner.get(wanted.target) ?? 'another column'}"` };
  });
}

function cost(candidate: Candidate, system: System | undefined): number {
  if (candidate.system === undefined || candidate.system === system) return candidate.rank;
  return candidate.rank + (candidate.system === 'generic' ? 200 : 400);
}

function reasonOf(candidate: Candidate): string {
  if (candidate.system === undefined) return 'its header names it';
  return candidate.system === 'generic' ? 'a common header for it' : `the header in ${LABELS[candidate.system]} exports`;
}

const LABELS: Readonly<Record<System, string>> = { salesforce: 'Salesforce', hubspot: 'HubSpot', marketo: 'Marketo', generic: 'common' };

/** The system that most of the headers come from. */
function commonSystem(ofColumn: readonly (readonly Candidate[])[]): System | undefined {
  const votes = SYSTEMS.map((system) => ofColumn.filter((list) => list.some((candidate) => candidate.system === system)).length);
  const most = Math.max(...votes);
  if (most === 0) return undefined;
  // a plain header says nothing of a system
  return votes[SYSTEMS.indexOf('generic')] === most ? 'generic' : SYSTEMS[votes.indexOf(most)];
}

const NAME_HINTS: readonly (readonly [RegExp, RecordKind])[] = [
  [/signal|intent/i, 'signals'],
  [/event|activit|engagement|task|click|visit/i, 'events'],
  [/opportunit|deal|pipeline/i, 'opportunities'],
  [/contact|lead|people|person/i, 'people'],
  [/account|compan|organi[sz]ation/i, 'accounts'],
];

/** The kind that a file's name speaks of. */
export function kindByName(fileName: string): RecordKind | undefined {
  return NAME_HINTS.find(([pattern]) => pattern.test(fileName))?.[1];
}

export interface KindGuess {
  kind: RecordKind;
  reason: string;
}

/** Which kind of records a file holds, by its headers and, where they leave it open, its name; several when it cannot be told. */
export function guessKind(columns: readonly string[], fileName: string, taxonomy: Taxonomy): KindGuess[] {
  const hint = kindByName(fileName);
  const scored = RECORD_KINDS.filter((kind) => kind !== 'signals').flatMap((kind) => {
    const mapped = guessMapping(columns, kind, taxonomy).filter((column) => column.target !== null && column.target !== 'attribute');
    const targets = new Set(mapped.map((column) => column.target ?? ''));
    const isHinted = hint === kind || (hint === 'signals' && kind === 'events');
    if (!isComplete(kind, targets) || (kind === 'accounts' && !isOfAccounts(mapped, hint))) return [];
    const told = kind === 'events' ? 2 * mapped.filter(({ column }) => EVENT_HEADER.test(squash(column))).length : 0;
    return [{ kind, mapped: mapped.length, score: mapped.length + weight(kind, targets) + told + (isHinted ? 1.5 : 0) }];
  });
  const best = Math.max(...scored.map((guess) => guess.score));
  return scored
    .filter((guess) => guess.score === best)
    .map(({ kind, mapped }) => ({
      kind: kind === 'events' && (hint === 'signals' || columns.some((column) => /^signal/.test(squash(column)))) ? 'signals' : kind,
      reason: `${mapped} of ${columns.length} columns are known for ${kind}`,
    }));
}

/** Headers that exports of activities alone have; tasks share many of their others with opportunities. */
const EVENT_HEADER = /^(?:activity|event|engagement|signal|occurred|whoid|hstimestamp)/;

/**
 * Whether what a file has of an account tells that accounts are its subject: anything may have an `id`, and what people did has the address
 * of a page.
 */
function isOfAccounts(mapped: readonly ColumnMapping[], hint: RecordKind | undefined): boolean {
  const has = (...names: string[]) => mapped.some(({ target }) => names.includes(target ?? ''));
  if (has('account.name', 'account.domain')) return true;
  const isActivity = hint === 'events' || hint === 'signals';
  if (has('account.website')) return !isActivity;
  const isTheirId = mapped.some(
    ({ column, target }) => target === 'external_id' && /^(?:account|compan|organi[sz]ation)/.test(squash(column)),
  );
  return mapped.length > 1 && (isTheirId || hint === 'accounts');
}

/** What a file of the kind cannot do without. */
function isComplete(kind: RecordKind, targets: ReadonlySet<string>): boolean {
  const has = (...names: string[]) => names.some((name) => targets.has(name));
  if (kind === 'accounts') return has('external_id', 'account.domain', 'account.website', 'account.name');
  if (kind === 'people')
    return has('external_id', 'person.email') && has('person.email', 'person.first_name', 'person.last_name', 'person.name');
  if (kind === 'opportunities')
    return has('external_id', 'opportunity.name') && has('opportunity.stage', 'opportunity.amount', 'opportunity.close_date');
  const whom = ['person.email', 'person_external_id', 'account_external_id', 'account.domain', 'anonymous_id'];
  return has('event_type') && has('occurred_at') && has(...whom);
}

/** Columns that tell a kind from the others, beyond their number. */
function weight(kind: RecordKind, targets: ReadonlySet<string>): number {
  const count = (...names: string[]) => names.filter((name) => targets.has(name)).length;
  if (kind === 'people') return 2 * count('person.email', 'person.first_name', 'person.last_name');
  if (kind === 'opportunities') return 2 * count('opportunity.stage', 'opportunity.amount', 'opportunity.close_date');
  if (kind === 'events') return targets.has('person.email') || targets.has('person_external_id') ? 2 : 1;
  return count('account.domain', 'account.employees', 'account.industry');
}
