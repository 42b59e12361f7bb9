import type { CliDeps, Register } from './deps.ts';

interface Flags {
  template?: string;
  lead: string[];
  replace: boolean;
}

/** `samepage-mcp init`. */
export const register: Register = (program, deps) => {
  program
    .command('init')
    .description('start a workspace: a template for the seven definitions, and the leaders who sign them; asks for what is not given')
    .option('--template <name>', 'saas_mid_market, enterprise_named_accounts or services_agency')
    .option('--lead <team=name>', 'a leader, as in "sales=Sam Ode"; may be repeated', (one: string, all: string[]) => [...all, one], [])
    .option('--replace', 'put the template in place of definitions that were made here, which stay as older versions', false)
    .action((flags: Flags) => init(deps, flags));
};

async function init(deps: CliDeps, { template, lead, replace }: Flags): Promise<void> {
  const [{ startWorkspace }, { settleDefinitions }, { listTemplates }, { askForStart, leaderGiven }] = await Promise.all([
    import('../definitions/start-workspace.ts'),
    import('../records/settle-definitions.ts'),
    import('../definitions/templates.ts'),
    import('./ask-for-start.ts'),
  ]);
  const leaders = lead.map(leaderGiven);
  const asked =
    template === undefined || leaders.length === 0
      ? await askForStart({ template, leaders }, await listTemplates(), deps.signal)
      : { template, leaders };
  const { ctx, close } = await deps.openContext({ write: true });
  try {
    const saved = await startWorkspace(ctx, { ...asked, replace }, settleDefinitions(ctx));
    for (const { kind, version, hash } of saved) deps.out(`${kind} v${version} (draft) ${hash}`);
    for (const { team, name } of asked.leaders) deps.out(`${name} leads ${team}.`);
    deps.out(`\nNext, each leader at a terminal: \`samepage-mcp definitions show rubric\` to read one, then for their team
  samepage-mcp sign ${saved.map(({ kind }) => kind).join(' ')} --team TEAM`);
  } finally {
    await close();
  }
}
