import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { intakeLead } from '../../src/intake/intake-lead.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

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

const mail = 'ann@acme.com';

describeDatabases('an address under two names', (open) => {
  const nodes = async (ctx: TestContext) =>
    (
      await readWorkspace(ctx, (tx) =>
        tx.query(
          `select string_agg(x.external_id, ' ' order by x.external_id) as records from external_ref x
           where x.workspace_id = $1 and x.kind = 'person' group by x.entity_id order by 1`,
          [ctx.workspaceId],
        ),
      )
    ).map(({ records }) => records);

  it('of one source is of two, wherever the file is cut; a merge that makes them one can be taken back when it is corrected', async () => {
    const ctx = testContext(await open());
    await ensureWorkspace(ctx);
    const rows = ['p1,Ann Quist,ann@acme.com', 'w1,Wim Wrong,ann@acme.com', 'p2,A. Quist,ann@acme.com', 'x1,,ann@acme.com'];
    const file = (...some: string[]) => importText(ctx, 'people', ['id,name,email', ...some, ''].join('\n'));
    await file(...rows);
    const apart = ['p1 p2 x1', 'w1'];
    expect(await nodes(ctx)).toEqual(apart);
    const cut = testContext(ctx.db, { workspaceId: 'cut' });
    await ensureWorkspace(cut);
    for (const row of rows) {
      cut.advance(1000);
      await importText(cut, 'people', `id,name,email\n${row}\n`);
    }
    expect(await nodes(cut)).toEqual(apart);
    // another source has not told of them yet, and its word is the address
    await importText(ctx, 'people', 'id,name,email\n7,Anneke Visser,ann@acme.com\n', { source: 'forms' });
    expect(await nodes(ctx)).toEqual(['7 p1 p2 x1', 'w1']);

    const wim = derivedId('person', 'crm', 'w1');
    const { decision } = await decideMatch(ctx, { verdict: 'match', records: [derivedId('person', 'email', mail), wim] });
    ctx.advance(1000);
    await file('w1,Wim Wrong,wim@acme.com');
    await unmergeEntities(ctx, { kind: 'person', merge: decision, decision: { by: 'person' } });
    expect((await people(ctx)).map(([, email]) => email)).toEqual(['ann@acme.com', 'wim@acme.com']);
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('that was corrected before its owner came is the owner’s', async () => {
    const ctx = testContext(await open());
    await ensureWorkspace(ctx);
    for (const row of ['w1,Wim Wrong,ann@acme.com', 'w1,Wim Wrong,wim@acme.com', 'p1,Ann Quist,ann@acme.com']) {
      ctx.advance(1000);
      await importText(ctx, 'people', `id,name,email\n${row}\n`);
    }
    expect(await nodes(ctx)).toEqual(['p1', 'w1']);
    expect((await people(ctx)).map(([name, email]) => [name, email])).toEqual([
      ['Ann Quist', 'ann@acme.com'],
      ['Wim Wrong', 'wim@acme.com'],
    ]);
  });
});
