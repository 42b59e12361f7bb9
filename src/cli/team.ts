import type { Command } from 'commander';
import type { CliDeps, Register } from './deps.ts';

/** `samepage-mcp team list | lead | join | leave`. */
export const register: Register = (program, deps) => {
  const team = program.command('team').description('the teams and their leaders, who sign the definitions: list, lead, join, leave');
  team
    .command('list')
    .description('who is of which team')
    .option('--json', 'print as JSON', false)
    .action((flags: { json: boolean }) => list(deps, flags));
  for (const [name, role, description] of ROLES) registerRole(team, deps, name, role, description);
};

const ROLES = [
  ['lead', 'leader', 'make someone a leader of a team'],
  ['join', 'member', 'make someone a member of a team, who does not sign'],
  ['leave', 'none', 'someone is no longer of a team; what they signed stays signed'],
] as const;

function registerRole(command: Command, deps: CliDeps, verb: string, role: 'leader' | 'member' | 'none', description: string): void {
  command
    .command(verb)
    .description(description)
    .argument('<team>', 'marketing, sales, revops, product or finance')
    .argument('<name>', 'as the signatures show it')
    .action(async (given: string, name: string) => {
      const [{ setTeamMember }, { namedTeam }] = await Promise.all([
        import('../definitions/set-team-member.ts'),
        import('../definitions/named-kind.ts'),
      ]);
      const team = namedTeam(given);
      const { ctx, close } = await deps.openContext({ write: true });
      try {
        await setTeamMember(ctx, { team, name, role });
        deps.out(role === 'none' ? `${name} has left ${team}.` : `${name} is a ${role} of ${team}.`);
      } finally {
        await close();
      }
    });
}

async function list(deps: CliDeps, { json }: { json: boolean }): Promise<void> {
  const [{ listTeamMembers }, { columns }] = await Promise.all([import('../definitions/list-team-members.ts'), import('./columns.ts')]);
  const { ctx, close } = await deps.openContext();
  try {
    const members = await listTeamMembers(ctx);
    if (json) deps.out(JSON.stringify(members, null, 2));
    else if (members.length === 0) deps.out('No team has anybody yet: `samepage-mcp team lead sales "Name"`.');
    else
      deps.out(
        columns(
          ['team', 'role', 'name'],
          members.map((one) => [one.team, one.role, one.name]),
        ),
      );
  } finally {
    await close();
  }
}
