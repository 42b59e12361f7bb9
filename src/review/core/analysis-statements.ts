import type { Statement } from './analysis.ts';
import type { ModelField } from './model.ts';
import type { CodedTable } from './outcome-table.ts';
import { supportOf, type Tested } from './screen.ts';

/** What the figures cannot say, of any table. */
export const LIMITS: Statement[] = [
  {
    code: 'only_worked',
    subject: null,
    text: 'Only deals that were worked have an outcome: of those that nobody followed up nothing is known, and today’s rubric decided in part which were.',
  },
  {
    code: 'observed',
    subject: null,
    text: 'This is an observation, not an experiment: a level may win more because of who worked it, when, or what else goes with it.',
  },
  {
    code: 'levels_hang_together',
    subject: null,
    text: 'Levels of one field, and fields that go together, tell of the same deals: several lines may have one cause.',
  },
  {
    code: 'intervals_alone',
    subject: null,
    text: 'Each interval is of its level alone, at 95 %; the q-values are what accounts for the number of comparisons. Rates of levels picked for standing out tend to come down.',
  },
  {
    code: 'made_on_all',
    subject: null,
    text: 'The rubric is made of all rows, so its figures on them flatter it: the backtest and the cross-validation show what it says of deals it has not seen.',
  },
];

/** Of each field, the levels that have too few rows, wins or losses to be compared, and what they would need. */
export function untestedFields({ won }: CodedTable, fields: readonly ModelField[], tested: readonly Tested[]): Statement[] {
  const least = supportOf(won.length);
  return fields.flatMap(({ binning: { field, bins, n } }, at) => {
    const thin = tested.filter((level) => level.field === at && level.support === 'not_enough_data');
    const statements: Statement[] = [];
    const rare = bins.find(({ kind }) => kind === 'other');
    if (rare !== undefined) {
      const text = `${rare.label} with fewer than ${leastKept(won.length)} rows each ${rare.label.startsWith('one') ? 'is' : 'are'} taken together.`;
      statements.push({ code: 'rare_levels', subject: field.name, text: capitalised(text) });
    }
    if (thin.length > 0 && bins.length > 1) {
      const labels = thin.slice(0, MOST_NAMED).map(({ bin }) => `${bins[bin]?.label} (${n[bin]} rows)`);
      const more = thin.length > labels.length ? ` and ${thin.length - labels.length} more` : '';
      const text =
        `Not enough data to compare ${thin.length} of ${bins.length} levels, which takes ${least.rows} rows, ${least.won} of them won and ` +
        `${least.lost} lost: ${labels.join(', ')}${more}.`;
      statements.push({ code: 'not_enough_data', subject: field.name, text });
    }
    return statements;
  });
}

const MOST_NAMED = 5;
const leastKept = (rows: number) => Math.max(30, Math.ceil(rows * 0.005));
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
