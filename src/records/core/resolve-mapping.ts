import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import { problemText } from '../../kernel/error-text.ts';
import { type Problem, SamepageError, shown } from '../../kernel/errors.ts';
import { editDistance } from '../../kernel/nearest.ts';
import { type ColumnMapping, guessMapping, SHARED } from './guess-mapping.ts';
import { fieldsFor, type RecordKind, specialsFor } from './targets.ts';

/** Column → target, as given or saved. */
export type MappingEntries = readonly (readonly [column: string, target: string])[];

/**
 * What each column means: as given, else as saved for the source, else as guessed, where its values can be read at all.
 * @throws SamepageError `invalid_input` for a column that the file does not have, a target that is not declared, and a special target
 *   given to two columns.
 */
export function resolveMapping(input: {
  columns: readonly string[];
  /** Columns of JSONL whose values are objects: no field takes them. */
  objects?: ReadonlySet<string>;
  kind: RecordKind;
  taxonomy: Taxonomy;
  given: MappingEntries;
  saved: MappingEntries;
}): ColumnMapping[] {
  const { columns, kind, taxonomy } = input;
  const specials: readonly string[] = specialsFor(kind);
  const targets = [...fieldsFor(kind, taxonomy).map((field) => field.name), ...specials];
  const known = new Set<string>(targets);
  const problems: Problem[] = [];
  const given = new Map<string, string>();
  for (const [name, target] of input.given) {
    const column = columns.find((c) => c === name) ?? columns.find((c) => c.toLowerCase() === name.trim().toLowerCase());
    if (column === undefined) {
      problems.push({
        path: `mapping.${shown(name)}`,
        reason: `the file has no such column; near ones are ${nearestNames(name, columns)}`,
      });
    } else if (!known.has(target)) {
      problems.push({
        path: `mapping.${shown(name)}`,
        value: shown(target),
        reason: `is not a field or target for ${kind}; near ones are ${nearestNames(target, targets)}`,
      });
    } else {
      const owner = SHARED.has(target) || !specials.includes(target) ? undefined : [...given].find((entry) => entry[1] === target)?.[0];
      if (owner !== undefined && owner !== column) {
        const reason = `is what ${shown(owner)} is mapped to as well; one column alone can be it`;
        problems.push({ path: `mapping.${shown(name)}`, value: shown(target), reason });
      } else given.set(column, target);
    }
  }
  const [first] = problems;
  if (first !== undefined) {
    throw new SamepageError(
      'invalid_input',
      `The mapping cannot be used: ${problemText(first)}.`,
      `Map columns of the file to fields that the taxonomy declares (get_definition kind "taxonomy"), or to one of ${specials.join(', ')}.`,
      { problems },
    );
  }
  const fixed = new Map<string, ColumnMapping>();
  for (const [column, target] of given) fixed.set(column, { column, target, reason: 'as given' });
  const used = () => new Set([...fixed.values()].map((m) => m.target ?? '').filter((target) => !SHARED.has(target)));
  for (const [column, target] of input.saved) {
    // a field may have left the taxonomy since, and a column the export
    if (fixed.has(column) || !columns.includes(column) || !known.has(target) || used().has(target)) continue;
    fixed.set(column, { column, target, reason: 'as last time for this source' });
  }
  const open = columns.filter((column) => !fixed.has(column) && input.objects?.has(column) !== true);
  const guessed = new Map(guessMapping(open, kind, taxonomy, used()).map((m) => [m.column, m]));
  return columns.map(
    (column) => fixed.get(column) ?? guessed.get(column) ?? { column, target: null, reason: 'holds objects, which no field takes' },
  );
}

const LONGEST = 60;

/** The five names nearest in spelling. */
export function nearestNames(name: string, names: readonly string[]): string {
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 5)
    .map(({ candidate }) => shown(candidate))
    .join(', ');
}

/** Edits between two names, less the credit for one holding the other's last part. */
function distance(a: string, b: string): number {
  const tail = (text: string) => text.slice(text.lastIndexOf('.') + 1);
  const edits = editDistance(a.slice(0, LONGEST), b.slice(0, LONGEST));
  return edits - (tail(a) === tail(b) ? 20 : tail(b).includes(tail(a)) ? 5 : 0);
}
