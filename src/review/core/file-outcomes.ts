import { SamepageError, shown } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import { countsOf, type FileColumn, isNoValue } from './file-column.ts';

/** Which rows of a file have an outcome. */
export interface FileOutcomes {
  /** Places of the rows that were won or lost, in the file's order. */
  rows: Int32Array;
  isWon: Uint8Array;
  /** The values that count as won, as the file writes them. */
  won: string[];
  /** The values that count as lost, most frequent first. */
  lost: { value: string; n: number }[];
  /** Those that count as neither, as the deal is open or was never one. */
  open: { value: string; n: number }[];
  /** Rows without any. */
  empty: number;
}

/** Pairs of plain opposites: where one is what was won, the other is what was lost, and anything else is neither. */
const OPPOSITES: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:closed?[\s_-]*)?won$|\bwon\b|^win$/i, /^(?:closed?[\s_-]*)?(?:lost|loss|lose)$|\b(?:lost|loss)\b/i],
  [/^(?:yes|y)$/i, /^(?:no|n)$/i],
  [/^(?:true|t)$/i, /^(?:false|f)$/i],
  [/^1(?:\.0+)?$/, /^0(?:\.0+)?$/],
  [/^good$/i, /^bad$/i],
  [/^success(?:ful)?$/i, /^(?:failure|fail(?:ed)?|unsuccessful)$/i],
];
const MOST_NAMED = 20;

/** `TRUE` is `true`, and `1.0` is `1`. */
function alike(value: string): string {
  return /^[+-]?\d+(?:\.\d+)?$/.test(value) ? String(Number(value) + 0) : value.toLowerCase();
}

/** The values of a column that are those given, or differ only in case or in zeros after the point; not those given as something else. */
function meant(given: readonly string[], values: readonly string[], otherwise: readonly string[]): string[] {
  const wanted = new Set(given.map(alike));
  return values.filter((value) => given.includes(value) || (wanted.has(alike(value)) && !otherwise.includes(value)));
}

/**
 * Sorts the rows of a file by their outcome. Values may be given in any case and with any zeros after the point. What is neither won nor lost is
 * open: when lost is not given, it is the plain opposite of what was won where the column has it (Won and Lost, yes and no, 1 and 0), and else
 * every other value.
 * @throws SamepageError `invalid_input` naming a value that the column does not have, and those that it has
 */
export function fileOutcomes(column: FileColumn, givenWon: readonly string[], givenLost: readonly string[]): FileOutcomes {
  const counts = countsOf(column);
  const wonGiven = meant(givenWon, column.texts, givenLost);
  const lostGiven = meant(givenLost, column.texts, givenWon);
  const values = column.texts
    .map((value, code) => ({ value, code, n: counts[code] as number }))
    .filter(({ value }) => !isNoValue(value) || wonGiven.includes(value) || lostGiven.includes(value))
    .sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1));
  for (const [option, given, found] of [
    ['--won', givenWon, wonGiven],
    ['--lost', givenLost, lostGiven],
  ] as const)
    for (const value of given) if (!found.some((one) => alike(one) === alike(value))) throw notThere(option, value, column.name, values);
  const both = wonGiven.find((value) => lostGiven.includes(value));
  if (both !== undefined)
    throw new SamepageError('invalid_input', `${shown(both)} is given with --won and with --lost.`, 'Give each value with one of them.');
  const others = values.filter(({ value }) => !wonGiven.includes(value));
  const opposite = OPPOSITES.find(([won]) => wonGiven.every((value) => won.test(value)))?.[1];
  const named = lostGiven.length > 0 ? (value: string) => lostGiven.includes(value) : (value: string) => opposite?.test(value) === true;
  const isLost = lostGiven.length > 0 || others.some(({ value }) => named(value)) ? named : () => true;
  const lost = others.filter(({ value }) => isLost(value));
  const open = others.filter(({ value }) => !isLost(value));
  const outcome = new Int8Array(column.texts.length).fill(-1);
  for (const { value, code } of values) if (wonGiven.includes(value)) outcome[code] = 1;
  for (const { code } of lost) outcome[code] = 0;
  const rows = Int32Array.from(column.codes.keys()).filter((row) => (outcome[column.codes[row] as number] as number) >= 0);
  const said = values.reduce((sum, { n }) => sum + n, 0);
  return {
    rows,
    isWon: Uint8Array.from(rows, (row) => outcome[column.codes[row] as number] as number),
    won: values.flatMap(({ value }) => (wonGiven.includes(value) ? [value] : [])),
    lost: lost.map(({ value, n }) => ({ value, n })),
    open: open.map(({ value, n }) => ({ value, n })),
    empty: column.codes.length - said,
  };
}

function notThere(option: string, value: string, column: string, values: readonly { value: string; n: number }[]): SamepageError {
  const names = values.map((one) => one.value);
  const holding = names.filter((name) => name.toLowerCase().includes(value.toLowerCase()));
  // a file of lost deals alone is no slip of the pen
  const hasOpposite = OPPOSITES.some(([one, other]) =>
    [
      [one, other],
      [other, one],
    ].some(([is, isNot]) => is?.test(value) && names.some((name) => isNot?.test(name)) && !names.some((name) => is.test(name))),
  );
  const near = hasOpposite ? undefined : holding.length === 1 ? holding[0] : nearest(value, names);
  const meaning =
    near !== undefined
      ? `; was "${shown(near)}" meant?`
      : hasOpposite
        ? `: no deal of the file was ${option.slice(2)}, so nothing tells won from lost`
        : '';
  const there = names.slice(0, MOST_NAMED).map((one) => `"${shown(one)}"`);
  return new SamepageError(
    'invalid_input',
    `${option} "${shown(value)}" is no value of the column "${shown(column)}"${meaning}`,
    there.length === 0
      ? 'The column is never filled: name another with --outcome.'
      : `Its values are ${there.join(', ')}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''}.`,
    { problems: [{ path: option, value: shown(value), reason: 'is no value of the outcome' }] },
  );
}
