import type { Command } from 'commander';
import { errorText } from '../kernel/error-text.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { collect } from './collect.ts';
import type { CliDeps, Register } from './deps.ts';

interface Flags {
  kind?: string;
  source?: string;
  map: string[];
  strict: boolean;
  observedAt?: string;
  dateOrder?: string;
  decimal?: string;
  encoding?: string;
  dryRun: boolean;
  json: boolean;
}

/** `samepage-mcp import PATH…`: every data file named, and those in the folders named. */
export const register: Register = (program: Command, deps: CliDeps) => {
  program
    .command('import')
    .description('bring in accounts, people, opportunities, events or signals from CSV or JSONL; a folder means each data file in it')
    .argument('<path...>', 'files or folders')
    .option('--kind <kind>', 'accounts, people, opportunities, events or signals; guessed when left out')
    .option('--source <name>', 'system the data is from; the name of each file when left out')
    .option(
      '--map <column=field>',
      'what a column means, as in "Seats=account.employees"; may be repeated, others are guessed',
      collect,
      [],
    )
    .option('--strict', 'all rows of a file or none', false)
    .option('--observed-at <time>', 'when the rows were true, as in 2026-03-31 or 2026-03-31T09:30:00Z; now when left out')
    .option('--date-order <order>', 'dmy or mdy: how to read 03/04/2026')
    .option('--decimal <mark>', 'point or comma: the mark before a fraction')
    .option('--encoding <name>', 'utf-8, utf-16le, utf-16be or windows-1252, when it does not show')
    .option('--dry-run', 'show the mapping and the bad rows; write nothing', false)
    .option('--json', 'one JSON object a file', false)
    .action(async (paths: string[], flags: Flags) => {
      const [{ importRecordsTool }, { parseInput }, { listDataFiles }, { neutralText }] = await Promise.all([
        import('../tools/import-records.ts'),
        import('../kernel/parse-input.ts'),
        import('../records/list-data-files.ts'),
        import('../server/neutralise.ts'),
      ]);
      const common = {
        ...(flags.kind !== undefined && { kind: flags.kind }),
        ...(flags.source !== undefined && { source: flags.source }),
        ...(flags.map.length > 0 && { mapping: mappingOf(program, flags.map) }),
        ...(flags.observedAt !== undefined && {
          observed_at: flags.observedAt.length === 10 ? `${flags.observedAt}T00:00:00Z` : flags.observedAt,
        }),
        ...(flags.dateOrder !== undefined && { date_order: flags.dateOrder }),
        ...(flags.decimal !== undefined && { decimal: flags.decimal }),
        ...(flags.encoding !== undefined && { encoding: flags.encoding }),
        strict: flags.strict,
        dry_run: flags.dryRun,
      };
      const files = await listDataFiles(paths);
      const inputs = files.map((path) => parseInput(importRecordsTool.input, { path, ...common }, 'import'));
      const { ctx, close } = await deps.openContext({ write: true });
      try {
        for (const [i, input] of inputs.entries()) {
          const imported = await importRecordsTool.run(ctx, input).catch((error: unknown) => {
            if (inputs.length === 1 || !isOfFile(error)) throw error;
            // one that cannot be read keeps none of the others from going in
            deps.err(`${shown(input.path ?? '')}: ${errorText(error, MOST_PROBLEMS)}`);
            process.exitCode = 1;
          });
          if (imported === undefined) continue;
          const output = importRecordsTool.output.parse(imported);
          if (i > 0 && !flags.json) deps.out('');
          deps.out(flags.json ? JSON.stringify(output) : neutralText(importRecordsTool.text(output, input)));
          if (output.state === 'rejected') process.exitCode = 1;
        }
      } finally {
        await close();
      }
    });
};

const MOST_PROBLEMS = 20;

/** Whether what is wrong is wrong with the one file: what it is, what it holds, or what was said of its columns. */
function isOfFile(error: unknown): error is SamepageError {
  return error instanceof SamepageError && ['file_rejected', 'ambiguous', 'invalid_input'].includes(error.code);
}

function mappingOf(program: Command, pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      if (at < 1) program.error(`error: --map takes column=field, as in "Seats=account.employees"; found "${pair}"`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}
