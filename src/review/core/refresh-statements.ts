import type { CutOff } from './deal-outcomes.ts';
import { LEFT_OUT, type LeftOut } from './deal-outcomes.ts';
import type { RefreshRead } from './refresh.ts';

const MOST_NAMED = 8;

/** From which day each deal was looked at, in a sentence. */
export function cutOffText({ daysBeforeClose, values }: CutOff): string {
  const day = daysBeforeClose === null ? 'the day on which it was created' : `${days(daysBeforeClose)} before its close`;
  const seen = `Each deal as of ${day}, and the day before its close at the latest`;
  if (values === 'today')
    return `${seen}: events up to that day; fields as they are known today, so what came with or after the close may be in them.`;
  return `${seen}: facts and events that were true by then and had been recorded by then; of an account that was recorded later, all that is recorded and was true by then.`;
}

const days = (n: number) => `${n} ${n === 1 ? 'day' : 'days'}`;
const deals = (n: number) => `${n.toLocaleString('en-US')} ${n === 1 ? 'deal' : 'deals'}`;

/** The reasons for which deals were left out, in a fixed order. */
export function leftOutReasons(leftOut: Partial<Record<LeftOut, number>>): RefreshRead['left_out'] {
  return (Object.keys(LEFT_OUT) as LeftOut[]).flatMap((reason) => {
    const n = leftOut[reason] ?? 0;
    return n === 0 ? [] : [{ reason, n, text: LEFT_OUT[reason] }];
  });
}

interface Read extends Omit<RefreshRead, 'statements'> {
  negative: number;
  /** Whether the quarter is over. */
  isOver: boolean;
  values: CutOff['values'];
}

/** What a reader has to know of the deals before any figure: a sentence each. */
export function readStatements(read: Read): string[] {
  const { deals: n, witnessed, nothing_known, left_out, negative, denied } = read;
  const later = n - witnessed;
  const named = denied.slice(0, MOST_NAMED).join(', ');
  return [
    ...(n === 0
      ? [
          `No closed deal of this time can be used; the workspace has ${deals(read.closed)} closed and ${read.open.toLocaleString('en-US')} open. Import opportunities with stage, created date and close date, or name another quarter.`,
        ]
      : []),
    ...(read.isOver ? [] : ['The quarter is not over: deals that close until its end are not in it yet.']),
    ...left_out.map(({ n: left, text }) => `${deals(left)} ${text}: left out.`),
    ...(n > 0 && read.values === 'today'
      ? [
          'Fields are as they are known today, whenever they were learned: nothing here proves that a value came before the outcome. The rubric in force is not held against it.',
        ]
      : []),
    ...(later > 0 && read.values === 'then'
      ? [
          `Of ${deals(later)} the account was recorded after the cut-off (${deals(witnessed)} before): there the times at which values are said to have been true were believed, which cannot be proven.`,
        ]
      : []),
    ...(nothing_known > 0
      ? [
          `Of ${deals(nothing_known)} no field was known at the cut-off. Where a history was imported, give each row the time at which it was true (observed_at); or ask for the values of today, knowing that they prove less.`,
        ]
      : []),
    ...(n > 0
      ? [
          "A deal's score is that of its account: criteria about people take no part in it. Win rates by tier, what a draft moves and the comparison with the rubric in force are of what it says of accounts.",
        ]
      : []),
    ...(n > read.accounts
      ? [
          `${deals(n)} are of ${read.accounts.toLocaleString('en-US')} accounts: deals of one account count one by one, although they are not independent.`,
        ]
      : []),
    ...(negative > 0
      ? [`${deals(negative)} ${negative === 1 ? 'has' : 'have'} an amount below zero; amounts take no part, won and lost do.`]
      : []),
    ...(denied.length > 0
      ? [
          `Never looked at, because a deal's course sets them: ${named}${denied.length > MOST_NAMED ? ` and ${denied.length - MOST_NAMED} more` : ''}.`,
        ]
      : []),
  ];
}
