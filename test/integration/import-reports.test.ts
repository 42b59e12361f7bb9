import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceDigest } from '../support/digest.ts';
import { ACCOUNTS, importText, stateOf, useWorkspaces } from '../support/imports.ts';

describeDatabases('an import tells', (open) => {
  const fresh = useWorkspaces(open);

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

  it('reads JSONL: lists as lists, other nested values in the raw record alone', async () => {
    const ctx = await fresh();
    const lines = [
      '{"domain":"acme.com","name":"Acme","technologies":["AWS","node.js"],"employees":12,"nested":{"a":1},"address":{"city":"Berlin"}}',
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
    // its header means the street, its values do not
    expect(result.mapping.find(({ column }) => column === 'address')).toMatchObject({
      target: null,
      reason: 'holds objects, which no field takes',
    });
    const told = importText(ctx, 'accounts', `${lines[0]}\n`, { mapping: { address: 'account.street' } });
    expect((await told).bad).toMatchObject([{ line: 1, column: 'address', reason: 'is an object, where text is wanted' }]);
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
});
