import type { Command } from 'commander';
import type { CliDeps } from './deps.ts';

/** `samepage-mcp definitions export`. */
export function registerExport(definitions: Command, deps: CliDeps): void {
  definitions
    .command('export')
    .description('write the definitions in use to a folder, one YAML file a kind; a file that says the same already is left as it is')
    .argument('[folder]', 'where the files go', '.')
    .option('--force', 'write over files that say something else', false)
    .action(async (folder: string, { force }: { force: boolean }) => {
      const { exportDefinitions } = await import('../definitions/export-definitions.ts');
      const { ctx, close } = await deps.openContext();
      try {
        for (const { file, outcome } of await exportDefinitions(ctx, { folder, force })) deps.out(`${file}: ${outcome}`);
      } finally {
        await close();
      }
    });
}

/** `samepage-mcp definitions diff`. */
export function registerDiff(definitions: Command, deps: CliDeps): void {
  definitions
    .command('diff')
    .description('what files would change in the definitions in use; exits with 1 when something would')
    .argument('<file...>', 'YAML or JSON; a folder stands for the files in it')
    .action(async (files: string[]) => {
      const [{ diffDefinitions }, { readDefinitionFiles }, { reportText }, { neutralText }] = await Promise.all([
        import('../definitions/diff-definitions.ts'),
        import('../definitions/read-definition-file.ts'),
        import('./validate.ts'),
        import('../server/neutralise.ts'),
      ]);
      const { ctx, close } = await deps.openContext();
      try {
        const reports = await diffDefinitions(ctx, await readDefinitionFiles(files));
        for (const { report, lines } of reports) {
          if (report.problems.length > 0) deps.err(reportText(report));
          else
            deps.out(
              neutralText(
                [`${report.file}: ${lines.length === 0 ? 'as in use' : `against the ${report.kind} in use`}`, ...lines].join('\n  '),
              ),
            );
        }
        if (reports.some(({ report, lines }) => report.problems.length + lines.length > 0)) process.exitCode = 1;
      } finally {
        await close();
      }
    });
}
