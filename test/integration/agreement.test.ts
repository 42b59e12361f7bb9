import fc from 'fast-check';
import { expect, it } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

describeDatabases('agreement', (open) => {
  it('decides between values of one rank and time, in whatever order they were learned; the values that lost are kept', async () => {
    const db = await open();
    const said = [
      ['list-a', 100],
      ['list-b', 250],
      ['list-c', 250],
    ] as const;
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...said], { minLength: 3 }), async (order) => {
        worlds += 1;
        const ctx = testContext(db, { workspaceId: `agreed-${worlds}` });
        await ensureWorkspace(ctx);
        for (const [source, employees] of order) {
          ctx.advance(1000);
          await importText(ctx, 'accounts', `domain,name,employees\nacme.com,Acme,${employees}\n`, { source });
        }
        const { facts } = await getAccount(ctx, { account: 'acme.com', detailed: true });
        const employees = facts.shown.find(({ field }) => field === 'account.employees');
        expect(employees?.value).toBe(250);
        expect(employees?.other_values.map(({ value, source }) => [value, source])).toContainEqual([100, 'list-a']);
        expect(await wrongProjections(ctx)).toEqual({});
      }),
      { numRuns: 4, seed: 20_260_306 },
    );
  });

  it('is of sources and records, each heard for its last word, and never outweighs rank or time', async () => {
    const ctx = testContext(await open());
    await ensureWorkspace(ctx);
    const employees = async () =>
      (await getAccount(ctx, { account: 'acme.com' })).facts.shown.find(({ field }) => field === 'account.employees')?.value;
    const learn = async (source: string, row: string, observed_at?: string) => {
      ctx.advance(1000);
      await importText(ctx, 'accounts', `id,domain,employees\n${row}\n`, { source, ...(observed_at !== undefined && { observed_at }) });
    };
    // a source that corrects itself has one voice, its last
    await learn('list-a', '1,acme.com,100');
    await learn('list-a', '1,www.acme.com,100');
    await learn('list-a', '1,acme.com,300');
    expect(await employees()).toBe(300);
    await learn('list-b', '1,acme.com,100');
    await learn('list-c', '1,acme.com,100');
    expect(await employees()).toBe(100);
    // later than all
    await learn('list-d', '1,acme.com,700', '2026-03-01T00:00:01Z');
    expect(await employees()).toBe(700);
    // doubles of one export count each
    await learn('salesforce', '1,acme.com,40');
    await learn('salesforce', '2,acme.io,50');
    await learn('salesforce', '3,acme.dev,50');
    expect(await employees()).toBe(40);
    const nodes = ['acme.com', 'acme.io', 'acme.dev'].map((domain) => derivedId('account', 'domain', domain));
    await mergeEntities(ctx, { kind: 'account', nodes, decision: { by: 'person' } });
    expect(await employees()).toBe(50);
    expect(await wrongProjections(ctx)).toEqual({});
  });
});
