import { SamepageError } from '../kernel/errors.ts';
import type { CliDeps, Register } from './deps.ts';

interface Flags {
  team: string;
  hash?: string;
  reason?: string;
  withdraw: boolean;
}

/** `samepage-mcp sign`. */
export const register: Register = (program, deps) => {
  program
    .command('sign')
    .description('sign definitions as a leader of a team, at a terminal; shows first what is signed')
    .argument('<kind...>', 'icp, taxonomy, rubric, sla, attribution, cadence or playbook; of several each is asked for')
    .requiredOption('--team <team>', 'marketing, sales or finance')
    .option('--hash <hash>', 'the version that you read, by the start of its hash; else what is proposed, else what is in use')
    .option('--reason <text>', 'why, to be shown in its history')
    .option('--withdraw', 'take the signature back', false)
    .action((kinds: string[], flags: Flags) => sign(deps, kinds, flags));
};

async function sign(deps: CliDeps, names: string[], { team, hash, reason, withdraw }: Flags): Promise<void> {
  const [{ answer }, { signDefinitionTool }, { namedHash, namedKind, namedTeam }, { terminalPerson }] = await Promise.all([
    import('./print-tool.ts'),
    import('../tools/sign-definition.ts'),
    import('../definitions/named-kind.ts'),
    import('./terminal-person.ts'),
  ]);
  // all are looked at before anybody is asked
  const inputs = names.map((name) => ({
    kind: namedKind(name),
    team: namedTeam(team),
    ...(hash !== undefined && { hash: namedHash(hash) }),
    ...(reason !== undefined && { reason }),
    withdraw,
  }));
  const person = terminalPerson(deps.signal);
  const { ctx, close } = await deps.openContext({ write: true });
  try {
    for (const input of inputs) {
      try {
        deps.out(await answer(signDefinitionTool, input, { ...ctx, person }, false));
      } catch (error) {
        // of several, one that is signed already does not keep the leader from the others
        if (inputs.length === 1 || !(error instanceof SamepageError) || error.code !== 'conflict') throw error;
        deps.err(`${error.message} ${error.next}`);
      }
    }
  } finally {
    await close();
  }
}
