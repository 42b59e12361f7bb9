import type { FileReport } from '../definitions/core/validate.ts';
import type { CliDeps, Register } from './deps.ts';

interface Flags {
  workspace?: boolean;
  json?: boolean;
}

/** `samepage-mcp validate FILE…`: every problem of each file with its place; exits with 1 when there is one. */
export const register: Register = (program, deps) => {
  program
    .command('validate')
    .description('check definitions (YAML or JSON) and explain every problem with its line')
    .argument('<file...>', 'files or folders to check; what is among them counts for the others')
    .option('--workspace', 'check against the definitions in use in the workspace instead of the shipped ones')
    .option('--json', 'print the report as JSON')
    .action(async (files: string[], flags: Flags) => {
      const [{ readDefinitionFiles }, { validateFiles }] = await Promise.all([
        import('../definitions/read-definition-file.ts'),
        import('../definitions/core/validate.ts'),
      ]);
      const world =
        flags.workspace === true ? await workspaceWorld(deps) : await (await import('../definitions/shipped.ts')).shippedWorld();
      const reports = validateFiles(await readDefinitionFiles(files), world);
      if (flags.json === true) deps.out(JSON.stringify(jsonReport(reports), null, 2));
      else for (const report of reports) deps.out(reportText(report));
      if (reports.some((report) => report.problems.length > 0)) process.exitCode = 1;
    });
};

async function workspaceWorld(deps: CliDeps) {
  const { currentWorld } = await import('../definitions/current-documents.ts');
  const { ctx, close } = await deps.openContext();
  try {
    return await currentWorld(ctx);
  } finally {
    await close();
  }
}

/** `FILE:LINE:COLUMN path message`, one problem a line, or that the file is fine. */
export function reportText({ file, kind, hash, problems }: FileReport): string {
  if (problems.length === 0) return `${file}: a valid ${kind}, sha256 ${hash}`;
  const lines = problems.map((p) => `${file}:${p.line}:${p.column} ${p.path} ${p.message}`);
  return [...lines, `${file}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`].join('\n');
}

function jsonReport(reports: readonly FileReport[]) {
  return {
    valid: reports.every((report) => report.problems.length === 0),
    files: reports.map(({ file, kind, hash, problems }) => ({
      file,
      valid: problems.length === 0,
      kind: kind ?? null,
      hash: hash ?? null,
      problems: problems.map(({ path, line, column, message }) => ({ path, line, column, message })),
    })),
  };
}
