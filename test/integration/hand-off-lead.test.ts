import { beforeEach, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { handOffWorld } from '../support/hand-off-world.ts';
import { useWorkspaces } from '../support/imports.ts';

describeDatabases('hand_off_lead', (open) => {
  let ctx: TestContext;

  const fresh = useWorkspaces(open);
  beforeEach(async () => {
    ctx = await fresh();
    await handOffWorld(ctx);
  });

  const count = async (table: string) =>
    (await readWorkspace(ctx, (tx) => tx.query(`select count(*)::int as n from ${table} where workspace_id = $1`, [ctx.workspaceId])))[0]
      ?.n;

  it('a lead that meets the rule goes to the owner of its account, and its clocks start', async () => {
    const handed = await handOffLead(ctx, { person: 'ann@acme.com' });
    expect(handed).toMatchObject({ person: { name: 'Ann Lee' }, routed: { owner: 'ana', by: 'account_owner' }, overridden: false });
    const [touch] = handed.clocks;
    // 2026-03-02 09:00 UTC is 04:00 in New York: ten minutes from nine
    expect([touch?.terms.exception, new Date(touch?.due ?? 0).toISOString()]).toEqual(['demo_of_target', '2026-03-02T14:10:00.000Z']);
  });

  it('one that does not is refused with what is missing, and goes with a reason', async () => {
    await expect(handOffLead(ctx, { person: 'bob@bolt.de' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'Bob Roth is not handed off: it does not meet the MQL rule.',
      problems: [{ path: 'person', reason: expect.stringMatching(/^not/) }],
    });
    const handed = await handOffLead(ctx, { person: 'bob@bolt.de', reason: 'asked by the CEO' });
    expect(handed).toMatchObject({ overridden: true, routed: { owner: null, pool: 'inbound' } });
  });

  it('of many at once, one hands it off', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => handOffLead(ctx, { person: 'ann@acme.com' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) if (one.status === 'rejected') expect(one.reason.message).toMatch('is handed off already');
    expect([await count('hand_off'), await count('hand_off_event')]).toEqual([1, 1]);
  });
});
