import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { intakeLead } from '../../src/intake/intake-lead.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';

async function people(ctx: TestContext): Promise<(string | null)[][]> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select p.name, p.email, a.name as account from person p left join account a on a.workspace_id = $1 and a.id = p.account_id
       where p.workspace_id = $1 order by p.name, p.email`,
      [ctx.workspaceId],
    ),
  );
  return rows.map((row) => [row.name, row.email, row.account] as (string | null)[]);
}

describeDatabases('a role address', (open) => {
  it('joins nobody in an import, whose ids or names tell them apart, and still says where they work', async () => {
    const ctx = testContext(await open());
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\n');
    const crm = 'id,name,email\n1,Ann Able,info@acme.com\n2,Bob Baker,info@acme.com\n3,Cy Cole,cy@acme.com\n';
    await importText(ctx, 'people', crm);
    await importText(ctx, 'people', 'name,email\nDee Dole,Sales-UK@acme.com\nEd Ewer,sales-uk@acme.com\n', { source: 'list' });
    const all = [
      ['Ann Able', 'info@acme.com', 'Acme'],
      ['Bob Baker', 'info@acme.com', 'Acme'],
      ['Cy Cole', 'cy@acme.com', 'Acme'],
      ['Dee Dole', 'sales-uk@acme.com', 'Acme'],
      ['Ed Ewer', 'sales-uk@acme.com', 'Acme'],
    ];
    expect(await people(ctx)).toEqual(all);
    // again, and with news of one of them
    expect((await importText(ctx, 'people', crm)).rows).toMatchObject({ created: 0, updated: 0 });
    ctx.advance(1000);
    await importText(ctx, 'people', 'id,name,email\n2,Bob Baker Jr,info@acme.com\n', { observed_at: '2026-03-02T00:00:00Z' });
    expect((await people(ctx)).map(([name]) => name)).toEqual(['Ann Able', 'Bob Baker Jr', 'Cy Cole', 'Dee Dole', 'Ed Ewer']);
    // a person's own address joins as before
    await importText(ctx, 'people', 'id,name,email\nX,Cyrus Cole,cy@acme.com\n', { source: 'forms' });
    expect(await people(ctx)).toHaveLength(5);
  });

  it('is a mailbox of its own where nothing else is known', async () => {
    const ctx = testContext(await open());
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\n');
    await importText(ctx, 'people', 'id,name,email\n1,Ann Able,info@acme.com\n');
    const visit = { type: 'web_visit', occurred_at: ctx.now().toISOString(), email: 'info@acme.com' };
    const { events } = await recordEngagement(ctx, {
      events: [
        { event_id: 'a', ...visit },
        { event_id: 'b', ...visit, person_external_id: '1' },
      ],
      source: 'crm',
    });
    const mailbox = derivedId('person', 'email', 'info@acme.com');
    expect(events.map(({ personId }) => personId)).toEqual([mailbox, derivedId('person', 'crm', '1')]);
    expect(new Set(events.map(({ accountId }) => accountId)).size).toBe(1);
    expect(await people(ctx)).toHaveLength(2);
  });

  it('is also one of which a person said that it tells nobody apart, however it is written, until that is taken back', async () => {
    const ctx = testContext(await open());
    await ensureWorkspace(ctx);
    const says = (verdict: 'suppress_identifier' | 'allow_identifier') =>
      decideMatch(ctx, { verdict, identifier: { kind: 'email', value: 'The.Crew+all@googlemail.com' } });
    await says('suppress_identifier');
    await importText(ctx, 'people', 'id,name,email\n1,Ann Able,the.crew@gmail.com\n2,Ann Abler,the.crew@gmail.com\n');
    const came = (external_id: string, name: string) => intakeLead(ctx, { source: 'web', external_id, name, email: 'the.crew@gmail.com' });
    const [first, second] = [await came('f1', 'Cy Cole'), await came('f2', 'Dee Dole')];
    expect([first.outcome, second.outcome]).toEqual(['created', 'created']);
    expect((await people(ctx)).map(([name]) => name)).toEqual(['Ann Able', 'Ann Abler', 'Cy Cole', 'Dee Dole']);
    expect((await matchLead(ctx, { name: 'Ed Ewer', email: 'the.crew@gmail.com' })).person.decision).toBe('none');
    await says('allow_identifier');
    await came('f3', 'Fay Fole');
    expect((await came('f4', 'Fay F.')).outcome).toBe('updated');
  });
});
