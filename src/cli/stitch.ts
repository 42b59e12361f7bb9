import type { Command } from 'commander';
import { collect } from './collect.ts';
import type { CliDeps, Register } from './deps.ts';

interface Flags {
  map: string[];
  out: string;
  explain?: string;
  encoding?: string;
  country?: string;
  json: boolean;
}

/** `samepage-mcp stitch FILE`: which records of a file are of one person or organisation, without importing it. */
export const register: Register = (program: Command, deps: CliDeps) => {
  program
    .command('stitch')
    .description('find the records of a CSV file that are of one person, or one organisation; reads and writes files alone')
    .argument('<file>', 'a CSV file with a header line')
    .requiredOption('--out <file>', 'where to write each record and its cluster, as CSV: id,cluster')
    .option('--explain <file>', 'where to write each accepted and doubtful pair with its evidence')
    .option(
      '--map <column=kind...>',
      'what columns hold, as in "Surname=last_name" or "Notes=ignore"; may be repeated, others are guessed',
      collect,
      [],
    )
    .option('--encoding <name>', 'utf-8, utf-16le, utf-16be or windows-1252, when it does not show')
    .option('--country <country>', 'whence telephone numbers without a country code are, where a row names no country, as in "de"')
    .option('--json', 'the report as one JSON object', false)
    .action(async (path: string, flags: Flags) => {
      const [{ stitchFile }, { columnMap }, { parseInput }, { ENCODINGS }, { z }, { createProgress }, text] = await Promise.all([
        import('../identity/stitch-file.ts'),
        import('../identity/column-map.ts'),
        import('../kernel/parse-input.ts'),
        import('../records/core/file-format.ts'),
        import('zod'),
        import('./progress.ts'),
        import('./stitch-text.ts'),
      ]);
      const { encoding } = parseInput(z.object({ encoding: z.enum(ENCODINGS).optional() }), { encoding: flags.encoding }, 'stitch');
      const progress = await createProgress(process.stderr, deps.err);
      try {
        const report = await stitchFile(
          {
            path,
            map: columnMap(flags.map),
            out: flags.out,
            ...(flags.explain !== undefined && { explain: flags.explain }),
            ...(encoding !== undefined && { encoding }),
            ...(flags.country !== undefined && { country: flags.country }),
          },
          progress,
          deps.signal,
        );
        progress.stop();
        deps.out(flags.json ? JSON.stringify(text.reportData(report)) : text.reportText(report, flags.out, flags.explain));
      } finally {
        progress.stop();
      }
    });
};
