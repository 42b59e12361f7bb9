import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { register, reportText } from '../../src/cli/match.ts';
import { matchFiles } from '../../src/identity/match-files.ts';
import { NO_PROGRESS } from '../../src/kernel/context.ts';
import { CsvScanner } from '../../src/records/core/csv-scanner.ts';
import { runCommand } from '../support/run-command.ts';

const ACCOUNTS = `Account ID,Account Name,Website,Billing City,Billing Country,Phone
A1,Zyntrix Corp,https://www.zyntrix.com,Boston,United States,+1 617 555 0100
A2,"Müller & Söhne GmbH",mueller-soehne.de,München,Germany,
A3,Blue Otter Foods Ltd,blueotter.co.uk; blueotter.com,Leeds,UK,
A4,Quill Partners,,Austin,US,
`;
const LEADS = `Lead ID,First Name,Last Name,Email,Company,City,Country
L1,Ada,Lovelace,ada@zyntrix.com,Zyntrix,Boston,USA
L2,Bob,Otter,bob@blueotter.com,,,
L3,Eva,Huber,eva.huber@gmail.com,Muller und Sohne,Munich,Deutschland
L4,Kim,Lee,kim@elsewhere.com,Zyntrix,Boston,US
L5,Ann,Poe,,,,
"L,6",Zoë,Ray,zoe@unknown-company.com,"Unknown ""Best"" Company",,
L1,Ada,Lovelace,ada@zyntrix.com,,,
`;

describe('match', () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  const run = { progress: NO_PROGRESS, signal: new AbortController().signal };
  const match = (
    more: { mapLeads?: string[]; mapAccounts?: string[]; leads?: string; accounts?: string; out?: string; encoding?: string } = {},
  ) =>
    matchFiles(run, {
      leads: path(more.leads ?? 'leads.csv'),
      accounts: path(more.accounts ?? 'accounts.csv'),
      mapLeads: more.mapLeads ?? [],
      mapAccounts: more.mapAccounts ?? [],
      out: path(more.out ?? 'out.csv'),
      encoding: more.encoding,
    });
  const cellsOf = async (name = 'out.csv') => {
    const scanner = new CsvScanner(',');
    const records = [...scanner.push(await readFile(path(name), 'utf8')), ...scanner.end()];
    return records.map((record) => ('cells' in record ? record.cells : []));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samepage-match-'));
    await writeFile(path('accounts.csv'), ACCOUNTS);
    await writeFile(path('leads.csv'), LEADS);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the command prints the report as JSON', async () => {
    const files = ['--leads', path('leads.csv'), '--accounts', path('accounts.csv'), '--out', path('printed.csv')];
    const { out } = await runCommand([register], undefined, ['match', ...files, '--json']);
    expect(JSON.parse(out)).toMatchObject({ leads: { rows: 7, is_id_line: false }, accounts: { rows: 4 }, shared_domains: 0 });
  });

  test('a line for each lead, in the order of the leads', async () => {
    const report = await match();
    const [header, ...rows] = await cellsOf();
    expect(header).toEqual(['lead_id', 'account_id', 'probability', 'decision', 'rule', 'candidate_id', 'why']);
    expect(rows.map((row) => [row[0], row[1], row[3], row[4], row[5]])).toEqual([
      ['L1', 'A1', 'match', 'exact_host', ''],
      ['L2', 'A3', 'match', 'alias_domain', ''],
      ['L3', 'A2', 'match', 'name_and_place', ''],
      ['L4', '', 'review', 'name_and_place', 'A1'],
      ['L5', '', 'none', 'none', ''],
      ['L,6', '', 'none', 'none', ''],
      ['L1', 'A1', 'match', 'exact_host', ''],
    ]);
    for (const row of rows) expect(Number(row[2])).toBeGreaterThanOrEqual(0);
    expect(report.decisions).toEqual({ match: 4, review: 1, none: 2 });
    expect(reportText(report, 'out.csv')).toContain('Account Name=company');
  });

  test('the same files give the same bytes', async () => {
    await match({ out: 'one.csv' });
    await match({ out: 'two.csv' });
    expect(await readFile(path('one.csv'))).toEqual(await readFile(path('two.csv')));
  });

  test('JSONL, other headers by a mapping, and lines as ids', async () => {
    await writeFile(path('firms.jsonl'), '{"firm":"Zyntrix","site":"zyntrix.com","n":7}\n{"firm":"Other","site":null,"n":8}\n');
    await writeFile(path('odd.csv'), 'who;where;what\nAda;zyntrix.com;Zyntrix\nBob;;\n');
    const report = await match({
      leads: 'odd.csv',
      accounts: 'firms.jsonl',
      mapLeads: ['where=domain', 'what=company'],
      mapAccounts: ['firm=company', 'site=domain', 'n=id'],
    });
    expect(report.leads.isIdLine).toBe(true);
    expect(reportText(report, 'x')).toContain('no id column');
    const [, ...rows] = await cellsOf();
    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ['2', '7'],
      ['3', ''],
    ]);
  });

  test('rows that cannot be read are told, and the others matched', async () => {
    await writeFile(
      path('torn.csv'),
      'Lead ID,Email,Company\nL1,ada@zyntrix.com,Zyntrix\nL2,"bob,never closed\nL3,eve@zyntrix.com,Zyntrix\n',
    );
    const report = await match({ leads: 'torn.csv' });
    expect(report.leads.refused.count).toBe(1);
    expect(report.leads.refused.first).toContain('line 3');
    expect((await cellsOf()).map(([id]) => id)).toEqual(['lead_id', 'L1', 'L3']);
  });

  test('odd cells make no match', async () => {
    const odd = ['\u0000', '\u202eabc', 'e\u0301'.repeat(300), 'x'.repeat(10_000), '🙂', '@', '=1+1', 'שלום', '株式会社', '&'];
    await writeFile(
      path('odd.jsonl'),
      odd.map((text, i) => JSON.stringify({ 'Lead ID': `O${i}`, Email: text, Company: text, City: text, Phone: text })).join('\n'),
    );
    const report = await match({ leads: 'odd.jsonl' });
    expect(report.decisions).toEqual({ match: 0, review: 0, none: odd.length });
  });

  test.each([
    ['an unknown kind', { mapLeads: ['Email=mail'] }, /no kind of column/],
    ['an unknown column', { mapLeads: ['Emial=email'] }, /"Emial"/],
    ['an unknown encoding', { encoding: 'latin' }, /"latin" is not known/],
    ['no file', { leads: 'nowhere.csv' }, /nowhere\.csv/],
    ['nothing to match by', { leads: 'nothing.csv' }, /nothing to match by/],
    ['an output that is an input', { out: 'leads.csv' }, /is a file that is read/],
    ['an output that is a folder', { out: '.' }, /folder|cannot be written/],
    ['an output in no folder', { out: 'no/such/out.csv' }, /cannot be written/],
    ['an empty file', { leads: 'empty.csv' }, /empty/],
  ])('%s is refused', async (_, more, message) => {
    await writeFile(path('nothing.csv'), 'Lead ID,Remark\nL1,a remark that is long enough\n');
    await writeFile(path('empty.csv'), '');
    await expect(match(more)).rejects.toThrow(message);
  });

  test('a call that was cancelled leaves no file', async () => {
    const signal = AbortSignal.abort();
    const input = { leads: path('leads.csv'), accounts: path('accounts.csv'), mapLeads: [], mapAccounts: [], out: path('never.csv') };
    await expect(matchFiles({ progress: NO_PROGRESS, signal }, input)).rejects.toThrow(/cancelled/);
    await expect(readFile(path('never.csv'))).rejects.toThrow();
  });
});
