import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { ACCOUNTS, EVENTS, importText, PEOPLE, peopleRows, stateOf, useWorkspaces } from '../support/imports.ts';

describeDatabases('imports over time', (open) => {
  const fresh = useWorkspaces(open);

  it('lets accounts that come late find their people, domain-only events and opportunities', async () => {
    const ctx = await fresh();
    await importText(ctx, 'events', EVENTS);
    await importText(ctx, 'people', PEOPLE);
    ctx.advance(1000);
    await importText(ctx, 'accounts', `${ACCOUNTS}A9,Later,later.io,,,\n`);
    const late = await stateOf(ctx);

    const orderly = await fresh();
    await importText(orderly, 'accounts', `${ACCOUNTS}A9,Later,later.io,,,\n`);
    await importText(orderly, 'people', PEOPLE);
    await importText(orderly, 'events', EVENTS);
    expect(late.events).toEqual((await stateOf(orderly)).events);
    expect(late.people.map((p) => [p.email, p.account, p.evidence])).toEqual(
      (await stateOf(orderly)).people.map((p) => [p.email, p.account, p.evidence]),
    );
    // Globex was named by a person before it was there: the same account
    expect(late.accounts).toEqual((await stateOf(orderly)).accounts);
  });

  it('moves a person whose record names another account, and keeps what was believed', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', ACCOUNTS);
    await importText(ctx, 'people', PEOPLE);
    await importText(ctx, 'events', EVENTS);
    ctx.advance(86_400_000);
    const moved = await importText(ctx, 'people', 'Lead ID,Email,Account ID\nP1,ada@acme.com,A2\n');
    expect(moved.rows).toMatchObject({ updated: 1 });
    const state = await stateOf(ctx);
    expect(state.people.find((p) => p.email === 'ada@acme.com')).toMatchObject({ account: 'globex.com', evidence: 'record' });
    expect(state.events.find((e) => e.external_id === 'E1')?.account).toBe('globex.com');
    const history = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select m.evidence, m.believed_to is null as now, m.believed_to = p.changed_at as closed from person_account m
         join person p on p.workspace_id = $1 and p.id = m.person_id where m.workspace_id = $1 and p.email = 'ada@acme.com' order by m.believed_from`,
        [ctx.workspaceId],
      ),
    );
    expect(history).toEqual([
      { evidence: 'domain', now: false, closed: true },
      { evidence: 'record', now: true, closed: null },
    ]);
    const touched = await readWorkspace(ctx, (tx) =>
      tx.query(
        'select domain from account where workspace_id = $1 and changed_at = (select known_at from workspace where workspace_id = $1) order by 1',
        [ctx.workspaceId],
      ),
    );
    expect(touched.map((row) => row.domain)).toEqual(['acme.com', 'globex.com']);
  });

  it('joins lists that name the same domain, with facts from each', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', 'domain,name,employees\nacme.com,Acme,100\n163.com,NetEase,5\n', { source: 'list_a' });
    const second = await importText(ctx, 'accounts', 'website,industry\nhttps://www.acme.com/,Software\nhttp://www.163.com,Internet\n', {
      source: 'list_b',
    });
    expect(second.rows).toMatchObject({ created: 0, updated: 2 });
    expect((await stateOf(ctx)).accounts.map((a) => a.fields)).toEqual([
      expect.objectContaining({ name: 'NetEase', employees: 5, industry: 'internet' }),
      expect.objectContaining({ name: 'Acme', employees: 100, industry: 'software' }),
    ]);
  });

  it('does not join accounts of a CRM on a free-mail domain, nor people through one', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', 'Account ID,Account Name,Website\nA1,Plumber,gmail.com\nA2,Baker,gmail.com\n');
    await importText(ctx, 'people', 'Email\nsomeone@gmail.com\n');
    const state = await stateOf(ctx);
    expect(state.accounts.map((a) => a.name)).toEqual(['Baker', 'Plumber']);
    expect(state.people[0]?.account).toBeNull();
  });

  it('orders facts by their own stamp, so that an older file adds no newer values', async () => {
    const ctx = await fresh();
    const file = (employees: number, day: string) => `Account ID,Account Name,Employees,Last Modified Date\nA1,Acme,${employees},${day}\n`;
    await importText(ctx, 'accounts', file(200, '2026-02-20'));
    await importText(ctx, 'accounts', file(100, '2026-01-20'));
    expect((await stateOf(ctx)).accounts[0]?.fields).toMatchObject({ employees: 200 });
    const back = await importText(ctx, 'accounts', file(200, '2026-02-20'));
    expect(back.rows).toMatchObject({ unchanged: 1, updated: 0 });
  });

  it('corrects an event that comes again with other content, and not when the old content comes late', async () => {
    const ctx = await fresh();
    const first = 'event_id,type,occurred_at,email\nE1,web_visit,2026-02-20T10:00:00Z,ada@acme.com\n';
    await importText(ctx, 'events', first);
    ctx.advance(1000);
    const second = first.replace('web_visit', 'pricing_page');
    expect((await importText(ctx, 'events', second)).rows).toMatchObject({ updated: 1, created: 0 });
    ctx.advance(1000);
    expect((await importText(ctx, 'events', first)).rows).toMatchObject({ unchanged: 1 });
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query('select type, superseded_at is null as current from event where workspace_id = $1 order by recorded_at', [ctx.workspaceId]),
    );
    expect(rows).toEqual([
      { type: 'web_visit', current: false },
      { type: 'pricing_page', current: true },
    ]);
  });

  it('gives the same world wherever a file is cut', async () => {
    const rows = shuffled(peopleRows(60), 5);
    const accounts = `id,name,domain,employees\n${Array.from({ length: 12 }, (_, i) => `A${i % 9},Firm ${i},firm${i % 7}.com,${i * 10}`).join('\n')}\n`;
    const header = 'id,email,first name,title,account id\n';
    const whole = await fresh();
    await importText(whole, 'accounts', accounts);
    await importText(whole, 'people', header + rows.join('\n'));
    const wanted = await stateOf(whole);
    for (const chunkRows of [1, 7]) {
      const cut = await fresh();
      await importText(cut, 'accounts', accounts, {}, { chunkRows });
      await importText(cut, 'people', header + rows.join('\n'), {}, { chunkRows });
      expect(await stateOf(cut)).toEqual(wanted);
    }
    const files = await fresh();
    await importText(files, 'accounts', accounts);
    for (let i = 0; i < rows.length; i += 13) await importText(files, 'people', header + rows.slice(i, i + 13).join('\n'));
    expect(await stateOf(files)).toEqual(wanted);
  });

  it('goes on where it was when it was cancelled, to the same end', async () => {
    const header = 'id,email,first name,title,account id\n';
    const csv = header + peopleRows(50).join('\n');
    const undisturbed = await fresh();
    await importText(undisturbed, 'people', csv, {}, { chunkRows: 5 });

    const abort = new AbortController();
    const ctx = await fresh({ signal: abort.signal });
    let chunks = 0;
    const counting = {
      ...ctx,
      db: {
        ...ctx.db,
        transaction: <T>(mode: 'read' | 'write', run: Parameters<typeof ctx.db.transaction<T>>[1]) => {
          if (mode === 'write') chunks += 1;
          if (chunks === 5) abort.abort();
          return ctx.db.transaction(mode, run);
        },
      },
    };
    await expect(importText(counting, 'people', csv, {}, { chunkRows: 5 })).rejects.toMatchObject({ code: 'cancelled' });
    const partly = (await stateOf(ctx)).people.length;
    expect(partly).toBeGreaterThan(0);
    expect(partly).toBeLessThan((await stateOf(undisturbed)).people.length);

    const resumed = testContext(ctx.db, { workspaceId: ctx.workspaceId });
    const result = await importText(resumed, 'people', csv, {}, { chunkRows: 5 });
    expect(result.rows.unchanged).toBeGreaterThan(0);
    expect(await stateOf(resumed)).toEqual(await stateOf(undisturbed));
    const runs = await readWorkspace(resumed, (tx) => tx.query('select state from import_run where workspace_id = $1', [ctx.workspaceId]));
    expect(runs).toEqual([{ state: 'done' }]);
  });

  it('attaches opportunities by account id or domain', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', ACCOUNTS);
    await importText(
      ctx,
      'opportunities',
      'Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Account ID,account.domain\nO1,Big,Proposal,"$10,000",2026-05-01,A1,\nO2,Small,Won,5,2026-02-01,,globex.com\nO3,New,Open,1,2026-06-01,,newco.io\n',
    );
    expect((await stateOf(ctx)).opportunities.map((o) => [o.name, o.account])).toEqual([
      ['Big', 'acme.com'],
      ['New', 'newco.io'],
      ['Small', 'globex.com'],
    ]);
  });
});

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const chance = chanceFrom(seed);
  const keyed = items.map((item) => ({ item, key: chance() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
