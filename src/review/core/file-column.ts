import type { Column } from './outcome-table.ts';

/** A column of a file as it was read: its distinct texts, and which of them stands in each row. */
export interface FileColumn {
  name: string;
  /** Trimmed, NFC, with single spaces. */
  texts: readonly string[];
  codes: Int32Array;
}

/** What became of a column. */
export interface ReadColumn {
  name: string;
  /** What is neither number nor level is what the command was told; `left_out` says why. */
  as: 'number' | 'level' | 'id' | 'outcome' | 'time' | 'opened' | 'score' | 'left_out';
  /** How it was read, or why it takes no part. Empty where there is nothing to say. */
  note: string;
}

/** What stands for nothing in any column. */
const NOTHING = new Set(['', '-', '–', '—', '?', 'na', 'n/a', '#n/a', 'nan', 'null', '\\n', '[not provided]', '(blank)']);
/** What a list of a form shows until something is chosen, as `Select` and `--None--`. */
const NOT_CHOSEN = /^(?:-+ ?)?(?:please )?(?:select|choose)(?: one| an option)?(?: ?-+|\.{3}|…)?$|^-+ ?none ?-+$/;
/** In a column of numbers or dates also words, which in a column of levels are levels: that something is unknown can say something. */
const NO_VALUE = new Set([
  ...NOTHING,
  'none',
  'nil',
  'unknown',
  'undefined',
  'not available',
  '#ref!',
  '#value!',
  '#name?',
  '#div/0!',
  '.',
  'inf',
  '-inf',
  'infinity',
  '-infinity',
]);

export const isNoValue = (text: string): boolean => NO_VALUE.has(text.toLowerCase()) || isNotChosen(text);
const isNotChosen = (text: string) => NOT_CHOSEN.test(text.toLowerCase());

/** Of the texts of a column of levels, those that stand for nothing. `NA` is Namibia among codes of two letters. */
export function missingLevels(texts: readonly string[]): ReadonlySet<string> {
  const isMissing = (text: string) => NOTHING.has(text.toLowerCase()) || isNotChosen(text);
  const [missing, others] = [texts.filter(isMissing), texts.filter((text) => !isMissing(text))];
  const areCodes = others.length > 1 && others.every((text) => /^[A-Z]{2}$/.test(text));
  return new Set(areCodes ? missing.filter((text) => text !== 'NA') : missing);
}

/** A column of which some rows are taken, with the texts that stand in them. */
export function ofRows({ name, texts, codes }: FileColumn, rows: Int32Array): FileColumn {
  const places = new Int32Array(texts.length).fill(-1);
  const kept: string[] = [];
  const taken = rows.map((row) => {
    const code = codes[row] as number;
    if (places[code] === -1) places[code] = kept.push(texts[code] as string) - 1;
    return places[code] as number;
  });
  return { name, texts: kept, codes: taken };
}

/** How often each text stands. */
export function countsOf({ texts, codes }: FileColumn): Int32Array {
  const counts = new Int32Array(texts.length);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return counts;
}

/** A column of numbers of a value for each text. */
export function numberColumn(column: FileColumn, values: readonly number[]): Column {
  return {
    name: column.name,
    label: column.name,
    type: 'number',
    values: Float64Array.from(column.codes, (code) => values[code] as number),
  };
}

/** A column of levels, in the order of their bytes. */
export function levelColumn({ name, texts, codes }: FileColumn, missing: ReadonlySet<string>): Column {
  const levels = texts.filter((text) => !missing.has(text)).sort(byBytes);
  const places = new Map(levels.map((text, place) => [text, place]));
  const place = texts.map((text) => places.get(text) ?? -1);
  return { name, label: name, type: 'level', codes: codes.map((code) => place[code] as number), levels };
}

const BEYOND = /[\ud800-\uffff]/;

/** The order of the UTF-8 bytes of two texts, which is that of their characters. */
function byBytes(a: string, b: string): number {
  if (!BEYOND.test(a) && !BEYOND.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  const [one, other] = [[...a], [...b]];
  for (let i = 0; i < one.length && i < other.length; i += 1) {
    const difference = (one[i]?.codePointAt(0) ?? 0) - (other[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
