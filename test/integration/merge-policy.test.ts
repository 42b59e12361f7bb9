import { expect, it } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import type { Taxonomy } from '../../src/definitions/core/taxonomy.ts';
import { adoptDefinitions } from '../../src/records/adopt-definitions.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { verifyReceipts } from '../../src/scoring/verify-receipts.ts';
import type { TestContext } from '../support/context.ts';
import { newWorkspace } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { definitionsOf } from '../support/identity-world.ts';
import { importText, stateOf } from '../support/imports.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

/** Who said what of the employees of one account, and when. */
const SAID = [
  ['salesforce', 100, '2026-02-01T00:00:00Z'],
  ['hubspot', 250, '2026-02-10T00:00:00Z'],
  ['marketo', 250, '2026-02-11T00:00:00Z'],
  ['list', 900, '2026-02-20T00:00:00Z'],
] as const;
const FIELD = 'account.employees';

describeDatabases('a field that is merged by a policy of its own', (open) => {
  it('takes its value by that policy as soon as it is in use, and old receipts keep to the one of their day', async () => {
    const ctx = await newWorkspace(await open());
    for (const [source, employees, day] of SAID) {
      ctx.advance(1000);
      await importText(ctx, 'accounts', `domain,name,employees\nacme.com,${source},${employees}\n`, { source, observed_at: day });
    }
    const rows: [NonNullable<Taxonomy['merge']>[number] | undefined, ...(number | string)[]][] = [
      [undefined, 100, 250, 900],
      [{ field: FIELD, rule: 'latest' }, 900, 250, 100],
      [{ field: FIELD, rule: 'agreement' }, 250, 100, 900],
      [{ field: FIELD, sources: ['marketo'] }, 250, 100, 900],
      [{ field: FIELD, rule: 'agreement', sources: ['web'] }, 250, 100, 900],
      [{ field: 'account.name', rule: 'latest' }, 100, 250, 900],
      [undefined, 100, 250, 900],
    ];
    for (const [merge, ...values] of rows) {
      ctx.advance(1000);
      await decide(ctx, merge === undefined ? [] : [merge]);
      await rescoreRecords(ctx, { scope: 'changed' });
      const { facts } = await getAccount(ctx, { account: 'acme.com', detailed: true });
      const employees = facts.shown.find(({ field }) => field === FIELD);
      const told = [employees?.value, ...(employees?.other_values ?? []).map(({ value }) => value)];
      expect([...new Set(told)], JSON.stringify(merge)).toEqual(values);
      expect(await kept(ctx)).toBe(values[0]);
      const name = facts.shown.find(({ field }) => field === 'account.name');
      expect(name?.value).toBe(merge?.field === 'account.name' ? 'list' : 'salesforce');
      expect(await wrongProjections(ctx)).toEqual({});
    }
    expect(await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'all' }))).toMatchObject({ different: 0 });
  });

  it('moves a person whose e-mail is another by it, and back', async () => {
    const ctx = await newWorkspace(await open());
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\nglobex.com,Globex\n');
    for (const [source, email] of [
      ['salesforce', 'ann@acme.com'],
      ['hubspot', 'ann@acme.com'],
      ['hubspot', 'ann@globex.com'],
    ] as const) {
      ctx.advance(86_400_000);
      await importText(ctx, 'people', `id,email\nA,${email}\n`, { source, observed_at: ctx.now().toISOString() });
    }
    const rules = [
      [[], 'acme.com'],
      [[{ field: 'person.email', rule: 'latest' as const }], 'globex.com'],
      [[], 'acme.com'],
    ] as const;
    for (const [merge, domain] of rules) {
      ctx.advance(1000);
      await decide(ctx, [...merge]);
      expect((await stateOf(ctx)).people).toMatchObject([{ email: `ann@${domain}`, account: domain, evidence: 'domain' }]);
      expect(await wrongProjections(ctx)).toEqual({});
    }
  });

  it('hears a source that corrected itself for its last word alone, and the better source where as many agree', async () => {
    const ctx = await newWorkspace(await open());
    await decide(ctx, [{ field: FIELD, rule: 'agreement' }]);
    const learn = async (source: string, employees: number, day: number) => {
      ctx.advance(1000);
      const observed_at = `2026-02-0${day}T00:00:00Z`;
      await importText(ctx, 'accounts', `domain,name,employees\nacme.com,Acme,${employees}\n`, { source, observed_at });
    };
    // salesforce took its 100 back: two voices for either are left, and of these hubspot's is the better source's
    await learn('salesforce', 100, 1);
    await learn('marketo', 100, 2);
    await learn('pardot', 100, 3);
    await learn('hubspot', 250, 4);
    await learn('eloqua', 250, 5);
    await learn('salesforce', 40, 6);
    const { facts } = await getAccount(ctx, { account: 'acme.com' });
    expect(facts.shown.find(({ field }) => field === FIELD)?.value).toBe(250);
    expect(await kept(ctx)).toBe(250);
    expect(await wrongProjections(ctx)).toEqual({});
  });
});

async function kept(ctx: TestContext): Promise<unknown> {
  const [row] = await readWorkspace(ctx, (tx) =>
    tx.query(`select fields -> 'employees' as employees from account where workspace_id = $1`, [ctx.workspaceId]),
  );
  return row?.employees;
}

async function decide(ctx: TestContext, merge: NonNullable<Taxonomy['merge']>): Promise<void> {
  const { merge: _, ...taxonomy } = (await definitionsOf(ctx)).policy;
  await adoptDefinitions(ctx, { documents: [merge.length === 0 ? taxonomy : { ...taxonomy, merge }] });
}
