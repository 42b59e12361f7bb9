import { resolve } from 'node:path';
import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import { keywordKey } from '../definitions/core/keyword.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentDefinition, type DefinitionRef, refOf } from '../definitions/current-definition.ts';
import { documentHash } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { type ColumnMapping, guessKind } from './core/guess-mapping.ts';
import type { ReadingOptions } from './core/normalise.ts';
import { type MappingEntries, resolveMapping } from './core/resolve-mapping.ts';
import type { RecordKind } from './core/targets.ts';
import type { importInput } from './import-input.ts';
import { type ImportKey, type PreviousRun, previousRun, savedMapping } from './import-run.ts';
import { type Inspected, inspectFile } from './inspect-file.ts';
import { loadCountries } from './load-countries.ts';
import { openContent, openFile } from './open-file.ts';

/** An import before its first row: what is read, and how. */
export interface PreparedImport {
  inspected: Inspected;
  key: ImportKey;
  kind: RecordKind;
  kindReason: string;
  mapping: ColumnMapping[];
  taxonomy: Taxonomy;
  definitions: DefinitionRef[];
  reading: ReadingOptions;
  previous: PreviousRun;
  /** Up to when the workspace knows: rows without a time of their own are newer, whatever this clock says. */
  knownAt: Date;
}

const clockRow = z.tuple([z.object({ known_at: z.coerce.date() })]);

/**
 * Reads a file's header and what is known of its source, and settles what each column means.
 * @throws SamepageError `file_rejected`, `invalid_input`, or `ambiguous` when the kind of records cannot be told
 */
export async function prepareImport(ctx: Context, input: z.output<typeof importInput>): Promise<PreparedImport> {
  const file = input.path === undefined ? openContent(input.content ?? '') : await openFile(resolve(ctx.cwd ?? '', input.path));
  const inspected = await inspectFile(file, input.encoding);
  const countries = await loadCountries();
  const source = input.source ?? sourceOf(file.name, input.path !== undefined);
  return readWorkspace(ctx, async (tx) => {
    const definition = await currentDefinition(tx, ctx, 'taxonomy');
    const taxonomy = definition.document;
    const objects = columnsOfObjects(inspected);
    const { kind, reason } = input.kind === undefined ? theKind(inspected, taxonomy, objects) : { kind: input.kind, reason: 'as given' };
    const saved = await savedMapping(tx, ctx, source, kind);
    const mapping = resolveMapping({
      columns: inspected.columns,
      objects,
      kind,
      taxonomy,
      given: Object.entries(input.mapping ?? {}),
      saved,
    });
    refuseEmpty(mapping, kind);
    const key: ImportKey = {
      source,
      kind,
      sha256: inspected.sha256,
      mappingHash: documentHash({
        mapping: entriesOf(mapping),
        taxonomy: definition.hash,
        encoding: inspected.encoding,
        date_order: input.date_order,
        decimal: input.decimal,
        observed_at: input.observed_at,
      }),
    };
    return {
      inspected,
      key,
      kind,
      kindReason: reason,
      mapping,
      taxonomy,
      definitions: [refOf(definition)],
      reading: { countries, dateOrder: input.date_order, decimal: input.decimal },
      previous: await previousRun(tx, ctx, key),
      knownAt: clockRow.parse(await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]))[0].known_at,
    };
  });
}

/** Columns with a meaning, as they are saved for the source. */
export function entriesOf(mapping: readonly ColumnMapping[]): MappingEntries {
  return mapping.flatMap((m) => (m.target === null ? [] : [[m.column, m.target] as const]));
}

function sourceOf(fileName: string, isFile: boolean): string {
  const name = keywordKey(fileName.replace(/\.[^.]*$/, '')).slice(0, 100);
  return isFile && name !== '' ? name : 'import';
}

/** Of JSONL, by the first value of each: `address` is as often an object as a text. */
function columnsOfObjects({ format, columns, examples }: Inspected): ReadonlySet<string> {
  return new Set(format.form === 'jsonl' ? columns.filter((_, i) => examples[i]?.startsWith('{') === true) : []);
}

function theKind(inspected: Inspected, taxonomy: Taxonomy, objects: ReadonlySet<string>): { kind: RecordKind; reason: string } {
  const readable = inspected.columns.filter((column) => !objects.has(column));
  const guesses = guessKind(readable, inspected.file.name, taxonomy);
  const [guess] = guesses;
  if (guess !== undefined && guesses.length === 1) return guess;
  const next = 'Say which with kind: accounts, people, opportunities, events or signals.';
  const header = inspected.columns.slice(0, 12).map(shown).join(', ');
  if (guess === undefined) throw new SamepageError('ambiguous', `What the file holds cannot be told from its columns: ${header}.`, next);
  throw new SamepageError('ambiguous', `The file may hold ${guesses.map((g) => g.kind).join(' or ')}.`, next);
}

function refuseEmpty(mapping: readonly ColumnMapping[], kind: RecordKind): void {
  if (mapping.some((m) => m.target !== null && m.target !== 'ignore')) return;
  const columns = mapping
    .slice(0, 12)
    .map((m) => shown(m.column))
    .join(', ');
  throw new SamepageError(
    'file_rejected',
    `No column means anything for ${kind}: ${columns}.`,
    'Check that the first line is the header; map columns to fields with mapping, as in {"Company": "account.name"}.',
  );
}
