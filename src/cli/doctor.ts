import type { Config } from '../config.ts';
import type { Finding } from '../upkeep/core/finding.ts';
import type { Diagnosis } from '../upkeep/doctor.ts';
import type { CliDeps, Register } from './deps.ts';

interface Flags {
  full: boolean;
  repair: boolean;
  json: boolean;
}

/** `samepage-mcp doctor`. */
export const register: Register = (program, deps) => {
  program
    .command('doctor')
    .description(
      'what the workspace stands on: program, folder or server, schema, definitions, audit, projections, receipts; what is wrong and what mends it',
    )
    .option('--full', 'look at every row and every receipt, not at samples', false)
    .option(
      '--repair',
      'derive wrong projections again from their logs, and of two open hand-offs of a person let one stay; nothing else is ever written',
      false,
    )
    .option('--json', 'one JSON object', false)
    .action(async (flags: Flags) => {
      const diagnosis = await diagnose(deps, flags);
      if (flags.json) deps.out(JSON.stringify(diagnosis, null, 2));
      else for (const line of await report(diagnosis)) deps.out(line);
      if (diagnosis.state === 'problem') process.exitCode = 1;
    });
};

async function diagnose(deps: CliDeps, { full, repair }: Flags): Promise<Diagnosis> {
  const [{ parseConfig }, { doctor }, { openAsItIs }, { createProgress }, { SamepageError }, { peopleRegrouped }] = await Promise.all([
    import('../config.ts'),
    import('../upkeep/doctor.ts'),
    import('../db/open-shared.ts'),
    import('./progress.ts'),
    import('../kernel/errors.ts'),
    import('../open-workspace.ts'),
  ]);
  let config: Config;
  try {
    config = parseConfig();
  } catch (error) {
    if (!(error instanceof SamepageError)) throw error;
    const mend = 'Correct or unset it in the environment; for a desktop client under `env` of its server entry';
    const findings = error.problems.map(({ path, value, reason }): Finding => {
      const says = `${path}${value === undefined ? '' : ` (${value})`} ${reason}`;
      return { check: 'environment', state: 'problem', says, mend };
    });
    return { state: 'problem', findings };
  }
  const { signal } = deps;
  const progress = await createProgress(process.stderr, deps.err);
  const scopes = new Set(repair ? (['read', 'write'] as const) : (['read'] as const));
  try {
    return await doctor(
      {
        ...config,
        actor: { id: 'cli', scopes },
        now: () => new Date(),
        progress,
        signal,
        peopleRegrouped,
        node: process.versions.node,
        open: () => openAsItIs(config),
      },
      { full, repair },
    );
  } finally {
    progress.stop();
  }
}

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok', skipped: '–', warning: 'warning', problem: 'PROBLEM' };

async function report({ state, findings }: Diagnosis): Promise<string[]> {
  const { columns } = await import('./columns.ts');
  const toMend = findings.filter((finding) => finding.mend !== null);
  const lines = [
    columns(
      ['check', 'state', 'what is so'],
      findings.map(({ check, state, says }) => [check, MARKS[state], says]),
    ),
  ];
  if (toMend.length > 0) {
    lines.push(
      '\nWhat mends it:',
      columns(
        ['check', 'do this'],
        toMend.map(({ check, mend }) => [check, mend]),
      ),
    );
  } else if (state === 'ok') lines.push('\nAll is well.');
  return lines;
}
