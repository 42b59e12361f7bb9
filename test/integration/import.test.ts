import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import type { Database } from '../../src/kernel/database.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceDigest, workspaceRows } from '../support/digest.ts';
import { importText, stateOf } from '../support/imports.ts';

const ACCOUNTS = `Account ID,Account Name,Website,Industry,Employees,Billing Country
A1,Acme,https://www.acme.com,Software,120,Germany
A2,Globex,globex.com,Banking,"1,500",USA
A3,"Initech
Ltd",initech.co.uk,,10-50,UK
`;
const PEOPLE = `Lead ID,First Name,Last Name,Email,Title,Account ID
P1,Ada,Lovelace,ada@acme.com,VP Engineering,
P2,Bob,Stone,bob@gmail.com,CTO,A2
P3,Cy,Young,cy@unknown.org,Buyer,
`;
const EVENTS = `event_id,type,occurred_at,email,domain
E1,pricing_page,2026-02-20T10:00:00Z,ada@acme.com,
E2,web_visit,2026-02-21T10:00:00Z,,initech.co.uk
E3,demo_request,2026-02-22T10:00:00Z,new@globex.com,
E4,web_visit,2026-02-23T10:00:00Z,,later.io
`;

/** What each database held after the same imports. */
const held = new Map<string, Record<string, string[]>>();

describeDatabases('import', (open, dialect) => {
  let db: Database;
  let count = 0;
  beforeAll(async () => {
    db = await open();
  });
  /** A workspace of its own for each test. */
  async function fresh(overrides: Parameters<typeof testContext>[1] = {}): Promise<TestContext> {
    count += 1;
    const ctx = testContext(db, { workspaceId: `${dialect}-${count}`, ...overrides });
    await ensureWorkspace(ctx);
    return ctx;
  }

  it('takes in accounts, people and events, and puts them together', async () => {
    const ctx = await fresh();
    expect((await importText(ctx, 'accounts', ACCOUNTS)).rows).toMatchObject({ read: 3, created: 3, bad: 0 });
    expect((await importText(ctx, 'people', PEOPLE)).rows).toMatchObject({ read: 3, created: 3 });
    expect((await importText(ctx, 'events', EVENTS)).rows).toMatchObject({ read: 4, created: 4 });
    const state = await stateOf(ctx);
    expect(state.accounts.map((a) => [a.domain, a.name])).toEqual([
      ['acme.com', 'Acme'],
      ['globex.com', 'Globex'],
      ['initech.co.uk', 'Initech Ltd'],
    ]);
    expect(state.accounts[1]?.fields).toMatchObject({ employees: 1500, country: 'us', industry: expect.stringMatching(/bank/) });
    expect(state.accounts[2]?.fields).toMatchObject({ employees: 10, country: 'gb' });
    expect(state.people.map((p) => [p.email, p.account, p.evidence])).toEqual([
      ['ada@acme.com', 'acme.com', 'domain'],
      ['bob@gmail.com', 'globex.com', 'record'],
      ['cy@unknown.org', null, null],
      ['new@globex.com', 'globex.com', 'domain'],
    ]);
    expect(state.events.map((e) => [e.external_id, e.account])).toEqual([
      ['E1', 'acme.com'],
      ['E2', 'initech.co.uk'],
      ['E3', 'globex.com'],
      ['E4', null],
    ]);
  });

  it('fills the tables', async () => {
    const ctx = testContext(db, { workspaceId: 'same' });
    await ensureWorkspace(ctx);
    await importText(ctx, 'events', EVENTS);
    await importText(ctx, 'people', PEOPLE);
    await importText(ctx, 'people', `id,email,first name,title,account id\n${people(20).join('\n')}`, {}, { chunkRows: 6 });
    await importText(ctx, 'accounts', ACCOUNTS);
    held.set(dialect, await workspaceRows(ctx));
    expect(held.get(dialect)?.observation?.length).toBeGreaterThan(10);
  });

  it('changes nothing when the same file comes twice', async () => {
    const ctx = await fresh();
    for (const again of [false, true]) {
      const before = await workspaceDigest(ctx);
      const results = [
        await importText(ctx, 'accounts', ACCOUNTS),
        await importText(ctx, 'people', PEOPLE),
        await importText(ctx, 'events', EVENTS),
      ];
      ctx.advance(60_000);
      expect(results.map((result) => result.already_imported)).toEqual([again, again, again]);
      if (!again) continue;
      expect(results.map((result) => result.rows)).toEqual([
        expect.objectContaining({ read: 3, created: 0, updated: 0, unchanged: 3 }),
        expect.objectContaining({ read: 3, created: 0, updated: 0, unchanged: 3 }),
        expect.objectContaining({ read: 4, created: 0, updated: 0, unchanged: 4 }),
      ]);
      expect(await workspaceDigest(ctx)).toBe(before);
    }
  });

  it('leaves rows alone that are in already, in a file that is not the same', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', ACCOUNTS);
    await importText(ctx, 'events', EVENTS);
    const bookkeeping = ['import_run', 'source_mapping', 'workspace', 'audit_entry'];
    const before = await workspaceRows(ctx, { without: bookkeeping });
    ctx.advance(3_600_000);
    expect((await importText(ctx, 'accounts', `${ACCOUNTS}\n`)).rows).toMatchObject({ unchanged: 3, created: 0, updated: 0 });
    expect((await importText(ctx, 'events', `${EVENTS}\n\n`)).rows).toMatchObject({ unchanged: 4, created: 0, updated: 0 });
    expect(await workspaceRows(ctx, { without: bookkeeping })).toEqual(before);
  });

  it('keeps every row as it came', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', 'Account ID,Account Name,Odd "column",__proto__\n A1 ,=1+1,"x\ny",{"polluted":true}\n');
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query('select external_id, payload, line from source_record where workspace_id = $1', [ctx.workspaceId]),
    );
    expect(rows).toEqual([{ external_id: 'A1', line: 2, payload: expect.any(String) }]);
    const payload = String(rows[0]?.payload);
    expect(payload).toBe('{"Account ID":" A1 ","Account Name":"=1+1","Odd \\"column\\"":"x\\ny","__proto__":"{\\"polluted\\":true}"}');
    expect({}).not.toHaveProperty('polluted');
  });

  it('reports each bad row and takes the good ones; the counts add up to the lines', async () => {
    const ctx = await fresh();
    const csv = [
      'Account ID,Account Name,Website,Employees,Billing Country',
      'A1,Acme,acme.com,12,Germany',
      'A2,Bad Size,badsize.com,a few,Germany',
      '',
      'A3,"Two',
      'Lines",twolines.com,5,France',
      'A4,Short row,short.com',
      'A5,Bad Both,not a domain,1.5,Atlantis',
      'A6,Null\u0000byte,nul.com,1,US',
      'A7,"open,open.com,1,US',
      'A8,Fine,fine.com,1,US',
      ',,,,',
      ',,,3,US',
      '',
      'Grand Totals (9 records)',
      'Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.',
      'Confidential Information - Do Not Distribute',
    ].join('\n');
    const result = await importText(ctx, 'accounts', csv);
    expect(result.rows).toEqual({ read: 9, created: 3, updated: 0, unchanged: 0, bad: 6, not_written: 0 });
    expect(result.lines).toEqual({ total: 17, preamble: 0, header: 1, rows: 9, continued: 1, blank: 3, footer: 3 });
    expect(result.bad.map((cell) => [cell.line, cell.column, cell.value])).toEqual([
      [3, 'Employees', 'a few'],
      [7, null, 'A4'],
      [8, 'Website', 'not a domain'],
      [8, 'Employees', '1.5'],
      [8, 'Billing Country', 'Atlantis'],
      [9, 'Account Name', 'Null·byte'],
      [10, null, 'A7,"open,open.com,1,US'],
      [13, null, ''],
    ]);
    expect((await stateOf(ctx)).accounts.map((a) => a.domain)).toEqual(['acme.com', 'fine.com', 'twolines.com']);
  });

  it('with strict takes all or nothing, and reports all the same', async () => {
    const ctx = await fresh();
    const before = await workspaceDigest(ctx);
    const refused = await importText(ctx, 'accounts', `${ACCOUNTS}A4,Bad,bad.com,,x,Germany\n`, { strict: true });
    expect(refused).toMatchObject({ state: 'rejected', rows: { read: 4, created: 0, bad: 1, not_written: 3 }, import_id: null });
    expect(await workspaceDigest(ctx)).toBe(before);
    const whole = await importText(ctx, 'accounts', ACCOUNTS, { strict: true }, { chunkRows: 1 });
    expect(whole).toMatchObject({ state: 'done', rows: { created: 3, bad: 0 } });
    const ticks = await readWorkspace(ctx, (tx) =>
      tx.query('select distinct recorded_at from observation where workspace_id = $1', [ctx.workspaceId]),
    );
    expect(ticks).toHaveLength(1);
  });

  it('with strict refuses a file whose bad rows went by before', async () => {
    const ctx = await fresh();
    const text = `${ACCOUNTS}A4,Bad,bad.com,,x,Germany\n`;
    await importText(ctx, 'accounts', text);
    const before = await workspaceDigest(ctx);
    const refused = await importText(ctx, 'accounts', text, { strict: true });
    expect(refused).toMatchObject({
      state: 'rejected',
      already_imported: false,
      rows: { read: 4, bad: 1, not_written: 3 },
      import_id: null,
    });
    expect(await workspaceDigest(ctx)).toBe(before);
    expect(await importText(ctx, 'accounts', text)).toMatchObject({ state: 'done', already_imported: true });
  });

  it('keeps what stands under a header without a name, and asks for no cell there', async () => {
    const ctx = await fresh();
    const text = 'Name,,Domain,,\nA,x,ahead.com,y\nB,,behind.com\nC,,third.com,,,\nD,,fourth.com,,,z\n';
    const result = await importText(ctx, 'accounts', text);
    expect(result.rows).toMatchObject({ read: 4, created: 3, bad: 1 });
    expect(result.bad[0]).toMatchObject({ line: 5, reason: 'has 6 cells where the header has 5' });
    expect(result.mapping.map((m) => [m.column, m.target, m.example])).toEqual([
      ['Name', 'account.name', 'A'],
      ['column 2', null, 'x'],
      ['Domain', 'account.domain', 'ahead.com'],
      ['column 4', null, 'y'],
    ]);
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query("select payload from source_record where workspace_id = $1 and payload like '%ahead.com%'", [ctx.workspaceId]),
    );
    expect(rows).toEqual([{ payload: '{"Name":"A","column 2":"x","Domain":"ahead.com","column 4":"y"}' }]);
  });

  it('says which value cannot be, and what to say instead, in the words of its own input', async () => {
    const ctx = await fresh();
    await expect(importText(ctx, 'accounts', ACCOUNTS, { observed_at: '2999-01-01T00:00:00Z' })).rejects.toMatchObject({
      message: 'observed_at (found 2999-01-01T00:00:00Z): is more than a day in the future.',
    });
    const dates = await importText(ctx, 'accounts', 'Name,Domain,Created Date\nA,a.com,03/04/2026\n');
    expect(dates.bad[0]?.reason).toBe('may be two dates: say with date_order which comes first, dmy or mdy');
  });

  it('writes nothing in a dry run, and shows what it would do', async () => {
    const ctx = await fresh();
    const before = await workspaceDigest(ctx);
    const result = await importText(ctx, 'accounts', ACCOUNTS, { dry_run: true });
    expect(result).toMatchObject({ state: 'dry_run', import_id: null, rows: { read: 3, not_written: 3, created: 0 } });
    expect(result.mapping.find((m) => m.column === 'Employees')).toMatchObject({ target: 'account.employees', example: '120' });
    expect(await workspaceDigest(ctx)).toBe(before);
  });

  it('keeps a mapping for the source, and uses it again', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', 'Firm,Seats\nAcme,5\n', { mapping: { Firm: 'account.name', Seats: 'account.employees' } });
    const again = await importText(ctx, 'accounts', 'Seats,Firm,Website\n7,Globex,globex.com\n');
    expect(again.mapping.map((m) => [m.column, m.target, m.reason])).toEqual([
      ['Seats', 'account.employees', 'as last time for this source'],
      ['Firm', 'account.name', 'as last time for this source'],
      ['Website', 'account.website', expect.any(String)],
    ]);
  });

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
    const rows = shuffled(people(60), 5);
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
    const csv = header + people(50).join('\n');
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

    const resumed = testContext(db, { workspaceId: ctx.workspaceId });
    const result = await importText(resumed, 'people', csv, {}, { chunkRows: 5 });
    expect(result.rows.unchanged).toBeGreaterThan(0);
    expect(await stateOf(resumed)).toEqual(await stateOf(undisturbed));
    const runs = await readWorkspace(resumed, (tx) => tx.query('select state from import_run where workspace_id = $1', [ctx.workspaceId]));
    expect(runs).toEqual([{ state: 'done' }]);
  });

  it('reads JSONL: lists as lists, other nested values in the raw record alone', async () => {
    const ctx = await fresh();
    const lines = [
      '{"domain":"acme.com","name":"Acme","technologies":["AWS","node.js"],"employees":12,"nested":{"a":1}}',
      '',
      '{"domain":"globex.com","name":"Globex","employees":"a few"}',
      'not json',
      '{"domain":"initech.com","name":"Initech","phone":"+1 555"}',
    ];
    const result = await importText(ctx, 'accounts', `${lines.join('\n')}\n`);
    expect(result.rows).toMatchObject({ read: 4, created: 2, bad: 2 });
    expect(result.lines).toMatchObject({ total: 5, rows: 4, blank: 1, header: 0 });
    expect(result.bad.map((cell) => [cell.line, cell.column])).toEqual([
      [3, 'employees'],
      [4, null],
    ]);
    expect((await stateOf(ctx)).accounts[0]?.fields).toMatchObject({ technologies: ['aws', 'node_js'], employees: 12 });
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

  it('refuses events to come and types nobody declared', async () => {
    const ctx = await fresh();
    const result = await importText(
      ctx,
      'events',
      'event_id,type,occurred_at,email\nE1,pricing_pge,2026-02-20T10:00:00Z,a@acme.com\nE2,web_visit,2027-01-01T00:00:00Z,a@acme.com\nE3,web_visit,2026-03-02T20:00:00Z,a@acme.com\nE4,web_visit,2026-02-20T10:00:00Z,\n',
    );
    expect(result.rows).toMatchObject({ created: 1, bad: 3 });
    expect(result.bad.map((cell) => [cell.line, cell.column])).toEqual([
      [2, 'type'],
      [3, 'occurred_at'],
      [5, null],
    ]);
    expect(result.bad[0]?.reason).toContain('pricing_page');
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query('select occurred_at <= recorded_at as past from event where workspace_id = $1', [ctx.workspaceId]),
    );
    expect(rows).toEqual([{ past: true }]);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['nothing', ' \n', /empty/],
    ['a JSON array', '[{"domain":"acme.com"}]', /JSON array/],
    ['columns that mean nothing', 'foo,bar\n1,2\n', /No column means anything/],
  ])('refuses %s', async (_, content, message) => {
    const ctx = await fresh();
    await expect(importRecords(ctx, { content: String(content), kind: 'accounts' })).rejects.toThrow(message);
  });

  it('takes a header without rows, and a thousand columns', async () => {
    const ctx = await fresh();
    expect((await importText(ctx, 'accounts', 'domain,name\n')).rows).toMatchObject({ read: 0 });
    const wide = Array.from({ length: 1000 }, (_, i) => `custom ${i}`);
    const result = await importText(ctx, 'accounts', `domain,${wide.join(',')}\nacme.com,${wide.map((_, i) => i).join(',')}\n`);
    expect(result).toMatchObject({ rows: { created: 1 } });
    expect(result.mapping.filter((m) => m.target === null)).toHaveLength(1000);
  });

  describe('recorded engagement', () => {
    const event = { event_id: 'w1', type: 'pricing_page', occurred_at: '2026-02-20T10:00:00Z', email: 'ada@acme.com' };

    it('is idempotent by id, corrects, and makes the person', async () => {
      const ctx = await fresh();
      await importText(ctx, 'accounts', ACCOUNTS);
      const first = await recordEngagement(ctx, { events: [event, { ...event, event_id: 'w2', attributes: { url: '/pricing' } }] });
      expect(first).toMatchObject({ created: 2, corrected: 0, duplicates: 0 });
      expect(first.events[0]?.accountId).not.toBeNull();
      const before = await workspaceRows(ctx, { without: ['workspace'] });
      expect(await recordEngagement(ctx, { events: [event] })).toMatchObject({ created: 0, duplicates: 1 });
      expect(await workspaceRows(ctx, { without: ['workspace'] })).toEqual(before);
      expect(await recordEngagement(ctx, { events: [{ ...event, type: 'web_visit' }] })).toMatchObject({ corrected: 1 });
      expect((await stateOf(ctx)).events.map((e) => [e.external_id, e.type, e.account])).toEqual([
        ['w1', 'web_visit', 'acme.com'],
        ['w2', 'pricing_page', 'acme.com'],
      ]);
    });

    it('takes a batch whole or not at all', async () => {
      const ctx = await fresh();
      const before = await workspaceDigest(ctx);
      const error = await recordEngagement(ctx, { events: [event, { ...event, event_id: 'w2', type: 'nonsense' }] }).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(SamepageError);
      expect((error as SamepageError).problems).toEqual([expect.objectContaining({ path: 'events[1].type', value: 'nonsense' })]);
      expect(await workspaceDigest(ctx)).toBe(before);
    });
  });

  it('records each change in the audit', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', ACCOUNTS, {}, { chunkRows: 2 });
    const entries = z
      .array(z.object({ verb: z.string(), detail: z.string() }))
      .parse(
        await readWorkspace(ctx, (tx) =>
          tx.query('select verb, detail from audit_entry where workspace_id = $1 order by seq', [ctx.workspaceId]),
        ),
      );
    const imports = entries.filter((entry) => entry.verb === 'import_records');
    expect(imports).toHaveLength(2);
    expect(JSON.stringify(imports)).not.toMatch(/acme|Acme/);
  });
});

describe('all databases', () => {
  it('hold the same rows after the same imports', () => {
    const [first, ...others] = held.values();
    expect(first).toBeDefined();
    for (const other of others) expect(other).toEqual(first);
  });
});

/** People with ids, addresses and accounts that recur and change. */
function people(n: number): string[] {
  return Array.from({ length: n }, (_, i) => {
    const id = i % 4 === 0 ? '' : `P${i % 23}`;
    const email = i % 5 === 0 && id !== '' ? '' : `p${i % 17}@${i % 3 === 0 ? 'gmail.com' : `firm${i % 7}.com`}`;
    return `${id},${email},Name${i},${i % 2 === 0 ? 'CEO' : ''},${i % 6 === 0 ? `A${i % 9}` : ''}`;
  });
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const keyed = items.map((item) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { item, key: state };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
