import { sha256 } from '../../kernel/canonical-json.ts';
import { isoFromDay } from '../../kernel/dates.ts';
import { type Problem, SamepageError, shown } from '../../kernel/errors.ts';
import { count } from '../../kernel/markdown.ts';
import { nearest } from '../../kernel/nearest.ts';
import { readDays, readStamps, readYears } from './column-days.ts';
import { readNumbers } from './column-numbers.ts';
import { type FileColumn, isNoValue, ofRows, type ReadColumn } from './file-column.ts';
import { type FileOutcomes, fileOutcomes } from './file-outcomes.ts';
import type { OutcomeTable } from './outcome-table.ts';
import { inQuotes, listed, percent } from './report-format.ts';
import { typeColumns } from './type-columns.ts';

/** The columns of a file, with the line on which each row starts and its place in the file. */
interface FileRows {
  columns: readonly FileColumn[];
  lines: Int32Array;
  indexes: Int32Array;
}

/** What the columns are for, by their names. */
export interface FileRoles {
  outcome: string;
  won: readonly string[];
  lost: readonly string[];
  id?: string | undefined;
  time?: string | undefined;
  /** The day on which each deal was opened: the right-censoring of the backtest needs it. */
  opened?: string | undefined;
  /** Each deal's score by the rubric in force. */
  score?: string | undefined;
  exclude: readonly string[];
  /** Columns within whose values findings are looked at again. */
  segments?: readonly string[] | undefined;
  /** Rows without an id column go into folds by their place in the file. */
  byPlace: boolean;
  /** No outcome can be of a later day. */
  today: number;
}

/** A file as a table of outcomes, and what became of its columns and rows. */
export interface FileTable {
  table: OutcomeTable;
  /** By row, where a column of scores is named. */
  scores?: Float64Array;
  /** The names of those columns as the file has them. */
  segments?: string[];
  columns: ReadColumn[];
  outcomes: Omit<FileOutcomes, 'rows' | 'isWon'>;
  /** What the reader should know. */
  notes: string[];
}

/** Up to one row in a hundred may have an id that another has, or a time that is none. */
const FEW = 0.01;
const MOST_PROBLEMS = 10;

/**
 * Makes the table of the rows that were won or lost. Without an id column a row is named by what it says, so that the order of the rows
 * makes no difference.
 * @throws SamepageError `invalid_input` for a column, value, id or time that is not there or not what it is given as
 */
export function fileTable(file: FileRows, roles: FileRoles): FileTable {
  const notes: string[] = [];
  const outcome = columnNamed(file.columns, roles.outcome, '--outcome');
  const idColumn = roles.id === undefined ? undefined : columnNamed(file.columns, roles.id, '--id');
  const timeColumn = roles.time === undefined ? undefined : columnNamed(file.columns, roles.time, '--time');
  const openedColumn = roles.opened === undefined ? undefined : columnNamed(file.columns, roles.opened, '--opened');
  const scoreColumn = roles.score === undefined ? undefined : columnNamed(file.columns, roles.score, '--score');
  if ([idColumn, timeColumn, openedColumn, scoreColumn].includes(outcome)) throw twice(outcome.name);
  const segments = roles.segments?.map((name) => columnNamed(file.columns, name, '--segments').name);
  const excluded = excludedColumns(file.columns, roles.exclude);
  const { rows: all, isWon: allWon, ...outcomes } = fileOutcomes(outcome, roles.won, roles.lost);
  const closedOfAll =
    timeColumn === undefined
      ? undefined
      : daysIn(ofRows(timeColumn, all), '--time', 'no outcome of these takes part in the backtest', notes);
  const rows = closedOfAll === undefined ? all : notAfter(all, closedOfAll, roles.today, notes);
  const kept = new Set(rows);
  const ofKept = <T extends Uint8Array | Float64Array>(values: T) => values.filter((_, i) => kept.has(all[i] as number)) as T;
  const closed = closedOfAll && ofKept(closedOfAll);
  // of no row no day can be read, and that is said elsewhere
  const opened = rows.length === 0 ? undefined : openedColumn && openedDays(ofRows(openedColumn, rows), closed, notes);
  const roleColumns = new Map<FileColumn | undefined, ReadColumn['as']>([
    [scoreColumn, 'score'],
    [openedColumn, 'opened'],
    [timeColumn, 'time'],
    [idColumn, 'id'],
    [outcome, 'outcome'],
  ]);
  const roleOf = (column: FileColumn): ReadColumn | undefined => {
    const as = roleColumns.get(column);
    if (as !== undefined) return { name: column.name, as, note: '' };
    return excluded.has(column.name) ? { name: column.name, as: 'left_out', note: 'left out as asked' } : undefined;
  };
  const free = file.columns.filter((column) => roleOf(column) === undefined);
  const typed =
    rows.length === 0
      ? []
      : typeColumns(
          free.map((column) => ofRows(column, rows)),
          closed,
        );
  const reads = new Map(typed.map(({ read }) => [read.name, read]));
  const useless = segments?.filter((name) => typed.every(({ column }) => column?.name !== name)) ?? [];
  if (useless.length > 0)
    notes.push(
      `${listed(useless.map(inQuotes))} ${useless.length === 1 ? 'takes' : 'take'} no part, so no finding is looked at again within it.`,
    );
  return {
    table: {
      ids: idColumn !== undefined ? givenIds(idColumn, rows, file.lines, notes) : namedRows(file, rows, roles.byPlace, notes),
      won: ofKept(allWon),
      ...(closed !== undefined && { closed }),
      ...(opened !== undefined && { opened }),
      columns: typed.flatMap(({ column }) => (column === undefined ? [] : [column])),
    },
    ...(segments !== undefined && { segments }),
    ...(scoreColumn !== undefined && { scores: scoresOf(ofRows(scoreColumn, rows)) }),
    columns: file.columns.map(
      (column) => roleOf(column) ?? reads.get(column.name) ?? { name: column.name, as: 'left_out', note: 'no row has an outcome' },
    ),
    outcomes,
    notes,
  };
}

/** What stands in rows, and is no name of a column: a number, or nothing. */
const ROW_CELL = /^(?:[+-]?\d+(?:\.\d+)?|\?|na|nan|null|true|false)(?: \(\d+\))?$/i;

function columnNamed(columns: readonly FileColumn[], given: string, option: string): FileColumn {
  const name = given.normalize('NFC').replace(/\s+/g, ' ').trim();
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const alike = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  if (alike.length === 1) return alike[0] as FileColumn;
  const names = columns.map((column) => column.name);
  const headless = names.some((one) => ROW_CELL.test(one))
    ? ' If this is its first row, as it has no header line, name the columns with --columns.'
    : '';
  const below = columns.some(({ texts, codes }) => codes.length > 0 && texts[codes[0] as number]?.toLowerCase() === name.toLowerCase())
    ? ' The row below them has it: if that is the header, take the line above it away.'
    : '';
  const near = below === '' ? nearest(name, names) : undefined;
  throw new SamepageError(
    'invalid_input',
    `${option} names the column "${shown(given)}", which the file does not have${near === undefined ? '' : `; was "${shown(near)}" meant?`}`,
    `Its columns are ${names
      .slice(0, 40)
      .map((one) => `"${shown(one)}"`)
      .join(', ')}${names.length > 40 ? ` and ${names.length - 40} more` : ''}.${below === '' ? headless : below}`,
    { problems: [{ path: option, value: shown(given), reason: 'is no column of the file' }] },
  );
}

function twice(name: string): SamepageError {
  return new SamepageError(
    'invalid_input',
    `The column "${shown(name)}" is the outcome, and nothing else too.`,
    'Name other columns with --id, --time, --opened and --score.',
  );
}

/** Each given name is a column, or several with commas between. */
function excludedColumns(columns: readonly FileColumn[], given: readonly string[]): ReadonlySet<string> {
  const names = given.flatMap((one) =>
    columns.some(({ name }) => name.toLowerCase() === one.trim().toLowerCase())
      ? [one]
      : one.split(',').filter((part) => part.trim() !== ''),
  );
  return new Set(names.map((name) => columnNamed(columns, name, '--exclude').name));
}

/** The days of a column; those that are none are not known. */
function daysIn(column: FileColumn, option: string, effect: string, notes: string[]): Float64Array {
  const filled = column.texts.filter((text) => !isNoValue(text));
  const numbers = readYears(filled) ?? readStamps(filled);
  const read = numbers === undefined ? readDays(filled, FEW) : { days: numbers, odd: [] };
  if (read === undefined || 'reason' in read) {
    const strangest = read === undefined ? filled.filter((text) => readDays([text]) === undefined).sort()[0] : undefined;
    throw new SamepageError(
      'invalid_input',
      `${option} "${shown(column.name)}" ${read === undefined ? `is no column of dates${strangest === undefined ? '' : `: "${shown(strangest)}" is none`}` : read.reason}.`,
      `Name a column of days, as 2026-03-31, or leave ${option} out.`,
    );
  }
  const dayOf = new Map(filled.map((text, i) => [text, read.days[i] as number]));
  const days = Float64Array.from(column.codes, (code) => dayOf.get(column.texts[code] as string) ?? Number.NaN);
  const odd = new Set(read.odd.map((place) => filled[place] as string));
  const strange = column.codes.filter((code) => odd.has(column.texts[code] as string)).length;
  if (strange > 0)
    notes.push(
      `${count(strange, 'row')} where ${inQuotes(column.name)} is no date, as ${inQuotes([...odd].sort()[0] as string)}: taken as not known.`,
    );
  const unknown = days.reduce((sum, day) => sum + (Number.isNaN(day) ? 1 : 0), 0);
  if (unknown > 0) notes.push(`${inQuotes(column.name)} is not known in ${count(unknown, 'row')}: ${effect}.`);
  return days;
}

/** A deal that was closed before it was opened tells nothing of when it was. */
function openedDays(column: FileColumn, closed: Float64Array | undefined, notes: string[]): Float64Array {
  const opened = daysIn(column, '--opened', 'how long those took is not known', notes);
  const isLate = (day: number, row: number) => day > (closed?.[row] ?? Number.NaN);
  const late = opened.filter(isLate).length;
  if (late > 0)
    notes.push(
      `${count(late, 'row')} closed before ${late === 1 ? 'it was' : 'they were'} opened: the day of opening is taken as not known.`,
    );
  return opened.map((day, row) => (isLate(day, row) ? Number.NaN : day));
}

/** A score for every row. */
function scoresOf(column: FileColumn): Float64Array {
  const read = readNumbers(column.texts);
  if (read !== undefined && 'values' in read) return Float64Array.from(column.codes, (code) => read.values[code] as number);
  const odd = column.texts.filter((text) => readNumbers([text]) === undefined).sort()[0];
  throw new SamepageError(
    'invalid_input',
    `--score "${shown(column.name)}" is no column of scores${odd === undefined ? '' : `: ${odd === '' ? 'it is empty in places' : `"${shown(odd)}" is no number`}`}.`,
    'Name a column with a number in every row that has an outcome, or leave --score out.',
  );
}

function notAfter(rows: Int32Array, closed: Float64Array, today: number, notes: string[]): Int32Array {
  const kept = rows.filter((_, i) => !((closed[i] as number) > today));
  if (kept.length < rows.length)
    notes.push(
      `${count(rows.length - kept.length, 'row')} with an outcome after today, ${isoFromDay(today)}: nothing can have closed yet, so left out.`,
    );
  return kept;
}

/** The ids of a column, which is to name each row. */
function givenIds(column: FileColumn, rows: Int32Array, lines: Int32Array, notes: string[]): string[] {
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  let repeated = 0;
  const ids = Array.from(rows, (row) => {
    const id = column.texts[column.codes[row] as number] as string;
    const before = first.get(id);
    if (before === undefined && id !== '') first.set(id, row);
    else {
      repeated += 1;
      const reason = id === '' ? 'has no id' : `has the id of line ${lines[before as number]}`;
      if (problems.length < MOST_PROBLEMS) problems.push({ path: `line ${lines[row]}`, ...(id !== '' && { value: shown(id) }), reason });
    }
    return id;
  });
  if (repeated > Math.floor(rows.length * FEW))
    throw new SamepageError(
      'invalid_input',
      `--id "${shown(column.name)}" does not name each row: ${count(repeated, 'row')} ${repeated === 1 ? 'has' : 'have'} no id, or that of another.`,
      'Name a column that differs in every row, mend these lines, or leave --id out.',
      { problems },
    );
  if (repeated > 0)
    notes.push(
      `${count(repeated, 'row')} (${percent(repeated / rows.length)}) ${repeated === 1 ? 'has' : 'have'} no id, or that of another; each counts as a deal of its own.`,
    );
  return ids;
}

/** Ids of rows that have none: their place for folds, as that is how a set is divided by others too, or what they say. */
function namedRows({ columns, indexes }: FileRows, rows: Int32Array, byPlace: boolean, notes: string[]): string[] {
  if (byPlace) {
    notes.push(
      'No --id is given: the place of a row in the file, from 0, decides its fold, so another order of the rows gives other folds.',
    );
    return Array.from(rows, (row) => String(indexes[row]));
  }
  return Array.from(rows, (row) => sha256(JSON.stringify(columns.map(({ texts, codes }) => texts[codes[row] as number]))).slice(0, 24));
}
