import type { PathColumn } from './path-columns.ts';
import type { PathModel } from './path-models.ts';

/** What a file of paths has in all. */
export interface FileTotals {
  /** That could be used. */
  rows: number;
  touches: number;
  channels: number;
  /** Of paths with a touch: what the models share out. */
  conversions: number;
  nulls: number;
  /** Null where the file has no values. */
  value: number | null;
  /** Rows with an empty path, and what they have. */
  without_touch: number;
  conversions_without_touch: number;
  value_without_touch: number;
  /** Rows that count nothing. */
  without_count: number;
  unnamed_touches: number;
  /** Rows whose start or end is named as if it were a touch. */
  marked: number;
  /** Rows in which a touch says how often it came. */
  folded: number;
}

const MOST_UNREAD = 8;

/** What the reader of a report should know, in sentences. */
export function pathNotes(
  file: { columns: readonly PathColumn[]; isFlag: boolean; counts: { footer: number }; currencies: ReadonlySet<string> },
  totals: FileTotals,
  { models, channels, isDirect, hasValue }: Of,
): string[] {
  const has = (part: PathColumn['part']) => file.columns.some((one) => one.part === part);
  const frequency = file.columns.find((one) => one.part === 'conversions' && /value/i.test(one.column));
  const uses = (model: string) => models.some((one) => one.model === model);
  const apart = `${counted(totals.conversions_without_touch, 'conversion')}${hasValue ? ` and a value of ${number(totals.value_without_touch)}` : ''}`;
  const currencies = [...file.currencies].sort();
  const unread = file.columns.filter(({ part }) => part === 'ignore').map(({ column }) => column);
  const said: [boolean, string][] = [
    [
      currencies.length > 1,
      `Values are written in ${currencies.join(', ')} and are added up as one: give a file of each currency for sums that mean something.`,
    ],
    [
      unread.length > 0,
      `Not read: ${unread.slice(0, MOST_UNREAD).join(', ')}${unread.length > MOST_UNREAD ? ` and ${unread.length - MOST_UNREAD} more` : ''}. --map "Column=value" says what one holds.`,
    ],
    [
      frequency !== undefined,
      `${frequency?.column} is read as how often a path came; --map "${frequency?.column}=value" reads it as an amount.`,
    ],
    [
      !has('conversions') && !has('converted') && !has('nulls'),
      'No column counts conversions: each row is one. --map "Column=conversions" names one.',
    ],
    [
      file.isFlag,
      'Conversions are 0 or 1 and nothing counts paths without one: each row is one journey, and 0 is one that did not convert.',
    ],
    [
      totals.without_touch > 0,
      `${counted(totals.without_touch, 'row')} ${have(totals.without_touch)} no touch: ${apart} belong to no channel and are left out.`,
    ],
    [totals.without_count > 0, `${counted(totals.without_count, 'row')} without conversions, nulls and value: no figure depends on them.`],
    [
      totals.unnamed_touches > 0,
      `${counted(totals.unnamed_touches, 'touch', 'touches')} without a name ${totals.unnamed_touches === 1 ? 'is' : 'are'} left out of their paths.`,
    ],
    [totals.marked > 0, `(start), (conversion) and (null) at the ends of ${counted(totals.marked, 'path')} are no touches, and left out.`],
    [
      totals.folded > 0,
      `A touch that is written with how often it came, as “Direct × 3”, counts so often: in ${counted(totals.folded, 'path')}.`,
    ],
    [file.counts.footer > 0, `${counted(file.counts.footer, 'line')} at the end are the footer of a report, and no rows.`],
    [totals.channels === 0, 'No path has a touch: there is nobody to credit.'],
    [totals.channels > 0 && totals.conversions === 0, 'No path converted: every credit of conversions is 0.'],
    [
      uses('markov') && totals.conversions > 0 && totals.nulls === 0,
      'No path ended without a conversion: removal effects compare only paths that converted, and say less.',
    ],
    [
      uses('last_non_direct') && totals.channels > 0 && !channels.some(isDirect),
      'No channel is direct, so last_non_direct is as last_touch; --direct says which channel came by itself.',
    ],
    [hasValue && (totals.value ?? 0) < 0, 'The values sum to less than 0; they are shared out as they are.'],
  ];
  return said.filter(([holds]) => holds).map(([, sentence]) => sentence);
}

interface Of {
  models: readonly PathModel[];
  channels: readonly string[];
  isDirect(channel: string): boolean;
  hasValue: boolean;
}

const number = (n: number) => n.toLocaleString('en-US', { maximumFractionDigits: 6 });
/** How many of something, as `1 row` and `1,200 rows`. */
export const counted = (n: number, one: string, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;
const have = (n: number) => (n === 1 ? 'has' : 'have');
