import type { Bin } from './analysis.ts';
import { countCodes, sumOf } from './counts.ts';
import type { CodedField } from './outcome-table.ts';
import { roundedUp, shortTexts } from './short-numbers.ts';

/** Into which bin each value of a field goes, and what each bin holds. */
export interface Binning {
  field: CodedField;
  bins: Bin[];
  /** By code, the last place for no value: a bin; -1 where the rows it was made from had nothing like it. */
  binOf: Int32Array;
  /** Rows and wins of each bin. */
  n: Int32Array;
  won: Int32Array;
}

/** Numbers with more distinct values than this are cut into ranges. */
const FEW_VALUES = 10;
const PARTS = 10;
/** A level with fewer rows than this goes with the other rare ones ... */
const RARE_ROWS = 30;
/** ... and so does one with fewer than this share of all. */
const RARE_SHARE = 0.005;

/**
 * Bins of a field as the rows given have it: numbers of more than ten values are cut at their tenths, other values keep a bin of their own
 * when they have at least max(30, 0.5 %) rows, the rest share one, and rows without a value are a bin too.
 */
export function binField(field: CodedField, won: Uint8Array, rows?: Int32Array): Binning {
  const counts = countCodes(field, won, rows);
  const { size } = field;
  const bins: Bin[] = [];
  const binOf = new Int32Array(size + 1).fill(-1);
  const distinct = counts.n.subarray(0, size).reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
  if (field.type === 'number' && distinct > FEW_VALUES) binRanges(field, counts.n, bins, binOf);
  else binLevels(field, counts.n, bins, binOf);
  if ((counts.n[size] as number) > 0) binOf[size] = bins.push({ kind: 'missing', label: 'not known' }) - 1;
  const binning = { field, bins, binOf, n: new Int32Array(bins.length), won: new Int32Array(bins.length) };
  for (const [code, bin] of binOf.entries()) {
    if (bin < 0) continue;
    binning.n[bin] = (binning.n[bin] as number) + (counts.n[code] as number);
    binning.won[bin] = (binning.won[bin] as number) + (counts.won[code] as number);
  }
  return binning;
}

/** Cuts are v[ceil(m·k/10) − 1], k = 1 … 9, of the m sorted values, each once, without the highest value; a bin holds what is above the cut before it. */
function binRanges({ values, size }: CodedField, n: Int32Array, bins: Bin[], binOf: Int32Array): void {
  const all = sumOf(n.subarray(0, size));
  const highest = n.subarray(0, size).findLastIndex((count) => count > 0);
  const cuts: number[] = [];
  for (let code = 0, below = 0; code < highest; code += 1) {
    const before = below;
    below += n[code] as number;
    // some k has ceil(all·k/10) in before + 1 … below
    const first = Math.floor((before * PARTS) / all) + 1;
    if (first < PARTS && Math.ceil((all * first) / PARTS) <= below) cuts.push(code);
  }
  const edges = cuts.map((cut) => roundedUp(values[cut] as number, values[nextAfter(n, cut)] as number));
  for (const [i, cut] of [...cuts, size - 1].entries()) {
    const above = edges[i - 1] ?? null;
    const to = edges[i] ?? null;
    bins.push({ kind: 'range', label: rangeLabel(above, to), above, to });
    for (let code = i === 0 ? 0 : (cuts[i - 1] as number) + 1; code <= cut; code += 1) binOf[code] = i;
  }
}

/** The next code that has a row; there is one above every cut. */
function nextAfter(n: Int32Array, cut: number): number {
  let code = cut + 1;
  while (n[code] === 0) code += 1;
  return code;
}

function rangeLabel(above: number | null, to: number | null): string {
  if (above === null) return to === null ? 'any value' : `up to ${to}`;
  return to === null ? `above ${above}` : `above ${above} to ${to}`;
}

function binLevels({ type, values, levels, size }: CodedField, n: Int32Array, bins: Bin[], binOf: Int32Array): void {
  const least = Math.max(RARE_ROWS, Math.ceil(RARE_SHARE * sumOf(n)));
  const texts = type === 'number' ? shortTexts(values) : levels;
  let rare = 0;
  for (let code = 0; code < size; code += 1) {
    if ((n[code] as number) < least) {
      if ((n[code] as number) > 0) rare += 1;
      continue;
    }
    const label = texts[code] as string;
    const upTo = (place: number) => roundedUp(values[place] as number, values[place + 1] ?? Number.POSITIVE_INFINITY);
    const range = type === 'number' ? { above: code === 0 ? null : upTo(code - 1), to: upTo(code) } : {};
    binOf[code] = bins.push({ kind: 'level', label, level: label, ...range }) - 1;
  }
  if (rare === 0) return;
  const other = bins.push({ kind: 'other', label: rare === 1 ? 'one rare value' : `${rare} rare values` }) - 1;
  for (let code = 0; code < size; code += 1) if (binOf[code] === -1) binOf[code] = other;
}

/** The bin of each row; -1 where the bins have none for it. @param rows all when left out. */
export function binsOfRows({ field: { codes, size }, binOf }: Binning, rows?: Int32Array): Int32Array {
  const bin = (code: number) => binOf[code < 0 ? size : code] as number;
  return rows === undefined ? codes.map(bin) : rows.map((row) => bin(codes[row] as number));
}
