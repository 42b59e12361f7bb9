import { collect } from './collect.ts';
import type { Register } from './deps.ts';

interface Flags {
  outcome: string;
  won: string[];
  lost: string[];
  id?: string;
  time?: string;
  opened?: string;
  score?: string;
  tiers?: string;
  exclude: string[];
  segments: string[];
  folds?: string;
  columns?: string;
  delimiter?: string;
  encoding?: string;
  out: string;
  json: boolean;
}

/** `samepage-mcp icp FILE`: which deals are won, from a file of them; needs no database. */
export const register: Register = (program, deps) => {
  program
    .command('icp')
    .description('analyse which deals of a file (CSV or JSONL) are won: a report with a draft rubric and its evidence; nothing is imported')
    .argument('<file>', 'closed deals, one a row, with a header line (see --columns)')
    .requiredOption('--outcome <column>', 'the column that says how a deal ended')
    .requiredOption('--won <value>', 'its value where the deal was won; may be repeated', collect)
    .option(
      '--lost <value>',
      'its value where the deal was lost; may be repeated; left out: the opposite of won, else every other value',
      collect,
      [],
    )
    .option('--id <column>', 'the column that names each deal')
    .option('--time <column>', 'the column with the day of the outcome: for the backtest, and for ages of dates')
    .option('--opened <column>', 'the column with the day on which the deal was opened, so that the backtest leaves out deals too young')
    .option('--score <column>', 'the column with the score by the rubric in force, to compare the new one with')
    .option('--tiers <A,B>', 'the lowest score of tiers A and B of that rubric; left out: 70,45')
    .option('--exclude <columns>', 'columns that take no part, with commas between; may be repeated', collect, [])
    .option(
      '--segments <column>',
      'a column within whose values findings are looked at again; may be repeated; left out: source, segment and size',
      collect,
      [],
    )
    .option('--folds <name>', 'cross-validate over five folds of the set of this name')
    .option('--columns <names>', 'the names of the columns, with commas between, of a file without a header line')
    .option('--delimiter <character>', 'between cells, as ";" or tab, when it is not the one that shows')
    .option('--encoding <name>', 'utf-8, utf-16le, utf-16be or windows-1252, when it does not show')
    .requiredOption('--out <file>', 'the report to write, as report.md; its plots are written beside it')
    .option('--json', 'the whole analysis as one JSON object', false)
    .action(async (path: string, { json, segments, columns, ...flags }: Flags) => {
      const [{ analyseFile }, { createProgress }, { icpText }, { neutralJson, neutralText }] = await Promise.all([
        import('../review/analyse-file.ts'),
        import('./progress.ts'),
        import('./icp-text.ts'),
        import('../server/neutralise.ts'),
      ]);
      const progress = await createProgress(process.stderr, deps.err);
      try {
        const given = { ...(segments.length > 0 && { segments }), ...(columns !== undefined && { columns: columns.split(',') }) };
        const input = { ...flags, path, ...given } as Parameters<typeof analyseFile>[1];
        const done = await analyseFile({ progress, signal: deps.signal, now: () => new Date() }, input);
        progress.stop();
        deps.out(json ? JSON.stringify(neutralJson(done)) : neutralText(icpText(done)));
      } finally {
        progress.stop();
      }
    });
};
