import { count } from '../../kernel/markdown.ts';
import { readDays } from './column-days.ts';
import { AMOUNT, areCurrencies, readNumbers } from './column-numbers.ts';
import { countsOf, type FileColumn, isNoValue, levelColumn, missingLevels, numberColumn, type ReadColumn } from './file-column.ts';
import type { Column } from './outcome-table.ts';
import { inQuotes, listed, percent, whole } from './report-format.ts';

/** A column and what it was taken for; those that take no part have no `column`. */
interface TypedColumn {
  read: ReadColumn;
  column?: Column;
}

/** Below so many rows nearly all values differ in any column. */
const FEWEST_TO_TELL = 20;
/** A column of which so many values differ names rows, and says nothing of their like. */
const NEARLY_ALL = 0.9;
/** Texts of this length on average, of which half differ, are sentences. */
const SENTENCE = 40;
/** A date that lies so many days before the outcome in half of the rows was known before the deal; a nearer one measures how long the deal took. */
const LONG_BEFORE = 365;
const ID_NAME = /(?:^|[\s_.-])(?:ids?|uuid|guid|key|number|no|nr|num|index|row|#)$|^(?:id|index|row|row ?names?|unnamed)\b/i;
const ID_HUMP = /[a-z](?:I[Dd]|Key|Number|No)$/;

/**
 * What each column of a file holds: numbers where every filled cell is one, days before the outcome of what was known long before, levels
 * else. Names of rows, free text, one value in all rows and amounts in several currencies are left out, and the note says why.
 * @param closed the day of each row's outcome, NaN where it is not known
 */
export function typeColumns(columns: readonly FileColumn[], closed: Float64Array | undefined): TypedColumn[] {
  const typed = columns.map((column) => typeColumn(column, closed));
  const currency = typed.find(({ column }) => column?.type === 'level' && column.levels.length > 1 && areCurrencies(column.levels));
  if (currency?.column?.type !== 'level') return typed;
  const why = `holds amounts in ${listed(currency.column.levels.map(inQuotes))} (by ${inQuotes(currency.column.name)}), which cannot be compared`;
  return typed.map((one) => (one.column?.type === 'number' && AMOUNT.test(one.read.name) ? leftOut(one.read.name, why) : one));
}

function typeColumn(column: FileColumn, closed: Float64Array | undefined): TypedColumn {
  const { name, texts, codes } = column;
  const counts = countsOf(column);
  const filledTexts = texts.filter((text) => !isNoValue(text));
  const filled = texts.reduce((sum, text, i) => sum + (isNoValue(text) ? 0 : (counts[i] as number)), 0);
  if (texts.length === 1)
    return leftOut(name, isNoValue(texts[0] as string) ? 'is never filled' : `says ${inQuotes(texts[0] as string)} in every row`);
  const asDays = filledTexts.every((text) => /^(?:19|2\d)\d{6}$/.test(text)) ? readDays(filledTexts) : undefined;
  const numbers = asDays === undefined ? readNumbers(filledTexts) : undefined;
  if (numbers !== undefined) return 'reason' in numbers ? leftOut(name, numbers.reason) : ofNumbers(column, filledTexts, filled, numbers);
  const days = asDays ?? readDays(filledTexts);
  if (days !== undefined) return 'reason' in days ? leftOut(name, days.reason) : ofDays(column, filledTexts, days.days, closed);
  return ofLevels(column, counts, codes.length);
}

function ofNumbers(
  column: FileColumn,
  filledTexts: readonly string[],
  filled: number,
  { values, notes }: { values: number[]; notes: readonly string[] },
): TypedColumn {
  const distinct = new Set(values).size;
  if (filled >= FEWEST_TO_TELL && distinct >= NEARLY_ALL * filled && values.every(Number.isInteger)) {
    if (ID_NAME.test(column.name) || ID_HUMP.test(column.name))
      return leftOut(column.name, `names rows: ${whole(distinct)} of ${count(filled, 'value')} differ`);
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    if (distinct === filled && most - least + 1 === distinct) return leftOut(column.name, 'counts the rows, one after the other');
  }
  const byText = new Map(filledTexts.map((text, i) => [text, values[i] as number]));
  const read = numberColumn(
    column,
    column.texts.map((text) => byText.get(text) ?? Number.NaN),
  );
  const negative = read.type === 'number' ? read.values.reduce((sum, value) => sum + (value < 0 ? 1 : 0), 0) : 0;
  const isMoney = AMOUNT.test(column.name) || notes.some((note) => note.startsWith('amounts'));
  return {
    read: {
      name: column.name,
      as: 'number',
      note: [
        ...notes,
        ...missingNote(column.codes.length - filled),
        ...(negative > 0 && isMoney ? [`${whole(negative)} below zero, taken as they are`] : []),
      ].join('; '),
    },
    column: read,
  };
}

function ofDays(
  column: FileColumn,
  filledTexts: readonly string[],
  days: readonly number[],
  closed: Float64Array | undefined,
): TypedColumn {
  const { name, codes } = column;
  if (closed === undefined) return leftOut(name, 'holds dates; without the time of the outcome (--time) they have no age');
  const byText = new Map(filledTexts.map((text, i) => [text, days[i] as number]));
  const dayOf = column.texts.map((text) => byText.get(text) ?? Number.NaN);
  const before = Float64Array.from(codes, (code, row) => (closed[row] as number) - (dayOf[code] as number));
  const known = before.filter((value) => !Number.isNaN(value)).sort();
  if (known.length === 0) return leftOut(name, 'holds dates, none of them in a row whose outcome has a time');
  const after = known.findIndex((value) => value >= 0);
  const late = after < 0 ? known.length : after;
  if (late > known.length / 20) return leftOut(name, `holds dates of which ${percent(late / known.length)} come after the outcome`);
  if ((known[known.length >> 1] as number) < LONG_BEFORE)
    return leftOut(
      name,
      `holds dates, half of them within ${whole(known[known.length >> 1] as number)} days before the outcome: how long a deal took is known only at its end${late > 0 ? `. ${lateText(late)}` : ''}`,
    );
  const values = before.map((value) => (value < 0 ? Number.NaN : value));
  return {
    read: {
      name,
      as: 'number',
      note: ['days before the outcome', ...(late > 0 ? [lateText(late)] : []), ...missingNote(codes.length - known.length)].join('; '),
    },
    column: { name, label: name, type: 'number', values },
  };
}

const lateText = (rows: number) => `${count(rows, 'row')} with a date after the outcome, taken as missing`;

function ofLevels(column: FileColumn, counts: Int32Array, rows: number): TypedColumn {
  const missing = missingLevels(column.texts);
  const levels = column.texts.filter((text) => !missing.has(text));
  const filled = column.texts.reduce((sum, text, i) => sum + (missing.has(text) ? 0 : (counts[i] as number)), 0);
  if (levels.length === 0) return leftOut(column.name, 'is never filled');
  const share = levels.length / filled;
  const length = levels.reduce((sum, text) => sum + text.length, 0) / levels.length;
  if (filled >= FEWEST_TO_TELL && (share >= NEARLY_ALL || (share >= 0.5 && length >= SENTENCE))) {
    const figures = levels.filter((text) => readNumbers([text]) !== undefined).length;
    const odd = figures > levels.length / 2 ? `; most are numbers, and ${inQuotes(firstOther(levels))} is none` : '';
    return leftOut(column.name, `names rows or is free text: ${whole(levels.length)} of ${count(filled, 'value')} differ${odd}`);
  }
  return {
    read: { name: column.name, as: 'level', note: [`${count(levels.length, 'level')}`, ...missingNote(rows - filled)].join('; ') },
    column: levelColumn(column, missing),
  };
}

/** The least of the texts that are no numbers, whatever the order in which they came. */
function firstOther(texts: readonly string[]): string {
  return texts.filter((text) => readNumbers([text]) === undefined).reduce((a, b) => (b < a ? b : a));
}

const missingNote = (rows: number) => (rows > 0 ? [`${whole(rows)} missing`] : []);

function leftOut(name: string, note: string): TypedColumn {
  return { read: { name, as: 'left_out', note } };
}
