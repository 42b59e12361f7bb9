import { beforeAll, expect, it } from 'vitest';
import { register as init } from '../../src/cli/init.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { listDefinitions } from '../../src/definitions/list-definitions.ts';
import { listTeamMembers } from '../../src/definitions/list-team-members.ts';
import { listTemplates } from '../../src/definitions/templates.ts';
import type { Database } from '../../src/kernel/database.ts';
import { auditPlaybook } from '../../src/playbook/audit-playbook.ts';
import { findPlays } from '../../src/playbook/find-plays.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { sign } from '../support/leaders.ts';
import { runCommand } from '../support/run-command.ts';

const templates = await listTemplates();
const LEADERS = ['sales=Sam Ode', 'marketing=Mara Lind', 'finance=Fay Orr'].flatMap((one) => ['--lead', one]);

describeDatabases('init', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  it('there are three templates', () => {
    expect(templates.map(({ name }) => name)).toEqual(['enterprise_named_accounts', 'saas_mid_market', 'services_agency']);
  });

  it.each(templates)('$name: from nothing to both signatures to a scored account with its play', async ({ name }) => {
    const ctx = testContext(database, { workspaceId: `i_${name}` });
    await ensureWorkspace(ctx);
    const { out } = await runCommand([init], ctx, ['init', '--template', name, ...LEADERS]);
    expect(out).toContain('Sam Ode leads sales.');
    expect(out.match(/ \(draft\) [0-9a-f]{64}$/gm)).toHaveLength(7);
    expect((await listTeamMembers(ctx)).map(({ role }) => role)).toEqual(['leader', 'leader', 'leader']);
    for (const team of ['sales', 'marketing'] as const) await sign(ctx, { kind: 'rubric', team });
    expect((await getDefinition(ctx, { kind: 'rubric' })).definition.status).toBe('signed');
    // complete: nothing that matters is missing in its playbook
    const { gaps, coverage } = await auditPlaybook(ctx, {});
    expect(gaps.filter(({ importance }) => importance <= 3)).toEqual([]);
    expect(coverage.map(({ complete, sections }) => sections - complete)).toEqual([0, 0, 0, 0]);

    const employees = name === 'services_agency' ? 120 : name === 'saas_mid_market' ? 400 : 9000;
    await importText(
      ctx,
      'accounts',
      `domain,name,industry,employees,country,target account,annual revenue,technologies\nacme.com,Acme,software,${employees},us,true,30000000,salesforce\n`,
      { source: 'crm' },
    );
    await rescoreRecords(ctx, { scope: 'all' });
    const found = await findPlays(ctx, { record: 'acme.com' });
    expect(found).toMatchObject({ tier: expect.stringMatching(/^[AB]$/) });
    expect(found.segment).not.toBeNull();
    expect(found.playable.map(({ play }) => play.id)).toContain('quiet_target');

    await expect(runCommand([init], ctx, ['init', '--template', name, ...LEADERS])).rejects.toMatchObject({
      message: 'This workspace has begun: its rubric is signed.',
    });
  });

  it('puts nothing in place of what was made here, unless it is told to', async () => {
    const ctx = testContext(database, { workspaceId: 'i_again' });
    await ensureWorkspace(ctx);
    const start = (name: string, ...flags: string[]) => runCommand([init], ctx, ['init', '--template', name, ...LEADERS, ...flags]);
    await start('saas_mid_market');
    // the same again changes nothing, so it needs no leave
    await start('saas_mid_market');
    const before = await listDefinitions(ctx);
    await expect(start('services_agency')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /would take the place of what is in use: icp v2 \([0-9a-f]{12}\), .*playbook v2 .*Nothing was changed\.$/,
      ),
      next: expect.stringContaining('--replace'),
    });
    expect(await listDefinitions(ctx)).toEqual(before);
    expect((await start('services_agency', '--replace')).out).toContain('icp v3 (draft)');
  });

  it('says what is wrong with what it is given, and asks nobody where there is no terminal', async () => {
    const ctx = testContext(database, { workspaceId: 'i' });
    const start = (...flags: string[]) => runCommand([init], ctx, ['init', ...flags]);
    await expect(start()).rejects.toMatchObject({ message: 'There is no terminal to ask at.' });
    await expect(start('--template', 'agency', ...LEADERS)).rejects.toMatchObject({ message: /There is no template agency/ });
    await expect(start('--lead', 'sales')).rejects.toMatchObject({ message: '--lead sales is not team=name.' });
    await expect(start('--lead', 'sails=X')).rejects.toMatchObject({ code: 'not_found' });
  });
});
