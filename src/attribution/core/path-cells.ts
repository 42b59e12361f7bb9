import { readInstant } from '../../records/core/normalise-date.ts';
import { type DecimalMark, readNumber } from '../../records/core/normalise-number.ts';
import { DECIMALS, decimalUnits } from './decimal.ts';

const UNIT = 10n ** BigInt(DECIMALS);
const DAY = 86_400_000;

/** A cell that says something, or why it does not. */
export type Cell<T> = { value: T } | { reason: string };

/** What stands between two touches; those that say it most surely first. `A -> B` is cut as `A > B` is. */
const SEPARATORS: readonly (readonly [string, RegExp, RegExp])[] = [
  ['>', />/, /\s*[-=~]*>+\s*/],
  ['→', /→/, /\s*→\s*/],
  ['»', /»/, /\s*»\s*/],
  ['|', /\|/, /\s*\|+\s*/],
  [';', /;/, /\s*;\s*/],
  [',', /,/, /\s*,\s*/],
];
const LIST = /^\[(.*)\]$/s;
const QUOTED = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g;
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** How a cell of several values is cut. A list as programs write it (`['A', 'B']`) is read as one, whatever the separator. */
export interface Cutter {
  separator: string;
  /** The pieces, trimmed; some may be empty. */
  cut(cell: string): string[];
}

/** What shows in a cell of paths as standing between touches; undefined in one touch alone, and in a list as programs write it. */
export function separatorIn(cell: string): string | undefined {
  return LIST.test(cell.trim()) ? undefined : SEPARATORS.find(([, shows]) => shows.test(cell))?.[0];
}

/** The separator that needs no further look, as no other goes before it. */
export const SUREST = '>';

/** A cutter for a separator that was given, else the surest of those that were seen; `>` where none was. */
export function cutterFor(seen: ReadonlySet<string | undefined>, given?: string): Cutter {
  const shown = SEPARATORS.find(([name]) => seen.has(name)) ?? SEPARATORS[0];
  const [separator, pattern] = given === undefined ? [shown?.[0] ?? SUREST, shown?.[2] ?? SUREST] : [given, given];
  return {
    separator,
    cut(cell) {
      const text = cell.trim();
      const inside = LIST.exec(text)?.[1];
      if (inside === undefined) return text === '' ? [] : text.split(pattern).map(tidy);
      const quoted = [...inside.matchAll(QUOTED)].map(([, one, other]) => tidy((one ?? other ?? '').replace(/\\(.)/g, '$1')));
      return quoted.length > 0 || inside.trim() === '' ? quoted : inside.split(',').map(tidy);
    },
  };
}

/** A channel's name: NFC, single blanks. */
function tidy(name: string): string {
  return PLAIN.test(name) ? name : name.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** `Direct × 3`, as Google's reports of paths write a touch that came three times in a row. */
const REPEATED = /^(.*\S)(?:\s*×\s*|\s+x\s+)([2-9]|[1-9]\d{1,2})$/;

/** The touches of a path, each as often as it came. */
export function unfolded(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const [, channel, times] = REPEATED.exec(name) ?? [];
    return channel === undefined ? [name] : new Array<string>(Number(times)).fill(channel);
  });
}

/** A count or an amount in units of 10^-12; an empty cell is undefined. */
export function readUnits(cell: string, mark?: DecimalMark): Cell<bigint | undefined> {
  if (/^\d{1,15}$/.test(cell)) return { value: BigInt(cell) * UNIT };
  if (/^\s*(?:nan)?\s*$/i.test(cell)) return { value: undefined };
  if (/\d\s*[-–—~]\s*\d|[<>≤≥]|\b(?:to|bis)\b/i.test(cell) && !/e-\d/i.test(cell)) return { reason: 'is not one number' };
  if (cell.includes('%')) return { reason: 'is a share, and neither a count nor an amount' };
  const read = readNumber(cell, mark);
  if (read === undefined) return { value: undefined };
  return 'value' in read ? { value: decimalUnits(read.value) } : read;
}

/**
 * When each touch was, in ms on a scale of the path's own: ages before the conversion as `14 > 7 > 0`, or times.
 * @param part what the column holds
 * @param touches how many there are
 */
export function readTimes(
  cell: string,
  part: 'days' | 'hours' | 'times',
  touches: number,
  cutter: Cutter,
  mark?: DecimalMark,
): Cell<number[]> {
  const pieces = cutter.cut(cell);
  if (pieces.length === 0 && touches <= 1) return { value: new Array<number>(touches).fill(0) };
  if (pieces.length !== touches) return { reason: `has ${pieces.length} times for ${touches} touches` };
  const found: number[] = [];
  for (const piece of pieces) {
    const read = part === 'times' ? readInstant(piece) : readNumber(piece, mark);
    if (read === undefined || 'reason' in read) return { reason: part === 'times' ? 'holds what is no time' : 'holds what is no number' };
    found.push(part === 'times' ? read.value : -Math.round(read.value * (part === 'days' ? DAY : DAY / 24)));
  }
  return { value: found };
}
