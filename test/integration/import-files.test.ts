import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { register as registerImport } from '../../src/cli/import.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { listDataFiles } from '../../src/records/list-data-files.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { stateOf } from '../support/imports.ts';
import { runCommand } from '../support/run-command.ts';

const companies = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data', 'companies');
const hasCompanies = existsSync(companies);
if (!hasCompanies) process.stdout.write(`\n*** ${companies} is missing: the lists of real companies are NOT imported in this run. ***\n`);

describeDatabases('import of files', (open, dialect) => {
  let db: Database;
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    db = await open();
    folder = await mkdtemp(join(tmpdir(), 'samepage-import-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function fresh(): Promise<TestContext> {
    count += 1;
    const ctx = testContext(db, { workspaceId: `${dialect}-${count}` });
    await ensureWorkspace(ctx);
    return ctx;
  }
  async function file(name: string, bytes: Uint8Array | string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  }

  const text = 'domain,name\r\nacme.com,Ácme\r\nglobex.com,"Glo\r\nbex"\r\n';
  it.each<[string, Uint8Array | string]>([
    ['UTF-8', text],
    ['UTF-8 with a byte order mark', `\ufeff${text}`],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(text, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['LF', text.replaceAll('\r\n', '\n')],
    ['CR alone', text.replaceAll('\r\n', '\r')],
    ['semicolons', text.replaceAll(',', ';')],
    ['tabs', text.replaceAll(',', '\t')],
    ['the hint of Excel', `sep=,\r\n${text}`],
  ])('reads %s', async (_, bytes) => {
    const ctx = await fresh();
    const result = await importRecords(ctx, { path: await file('companies.csv', bytes) });
    expect(result).toMatchObject({ kind: 'accounts', source: 'companies', rows: { read: 2, created: 2, bad: 0 } });
    const { lines } = result;
    expect(lines.total).toBe(lines.preamble + 4);
    expect(lines).toMatchObject({ header: 1, rows: 2, continued: 1 });
    expect((await stateOf(ctx)).accounts.map((a) => [a.domain, a.name])).toEqual([
      ['acme.com', 'Ácme'],
      ['globex.com', 'Glo bex'],
    ]);
  });

  it('reads Windows-1252 when it is told to, and else names the line that is no UTF-8', async () => {
    const ctx = await fresh();
    const path = await file('old.csv', Buffer.from('domain,name\nglobex.com,Globex\nacme.com,Ácme\n', 'latin1'));
    await expect(importRecords(ctx, { path })).rejects.toMatchObject({
      code: 'file_rejected',
      message: expect.stringContaining('line 3'),
      next: expect.stringContaining('with `encoding` (windows-1252'),
    });
    await importRecords(ctx, { path, encoding: 'windows-1252' });
    expect((await stateOf(ctx)).accounts[0]?.name).toBe('Ácme');
  });

  it.each<[string, string, Uint8Array | string, RegExp]>([
    ['an empty file', 'a.csv', '', /empty/],
    ['a spreadsheet', 'a.csv', Buffer.from([0x50, 0x4b, 3, 4, 20, 0]), /spreadsheet/],
    ['gzip', 'a.csv', gzipSync('domain\nacme.com\n'), /gzip/],
    ['another kind of file', 'a.docx', 'domain\nacme.com\n', /not named as a data file/],
    ['JSONL that breaks off', 'a.jsonl', '{"name":"A"', /begins as JSONL does.*; line 1 is not JSON/],
    ['JSONL without fields', 'a.jsonl', '{}\n{}\n', /no line of it is a JSON object with a field\.$/],
    ['blank lines', 'a.csv', ' , \n,\n', /no header line/],
    ['a header with an open quote', 'a.csv', '"domain,name\nacme.com,x\n', /header, line 1, opens a quote/],
  ])('refuses %s', async (_, name, bytes, message) => {
    const ctx = await fresh();
    await expect(importRecords(ctx, { path: await file(name, bytes), kind: 'accounts' })).rejects.toMatchObject({
      code: 'file_rejected',
      message: expect.stringMatching(message),
    });
  });

  it('refuses folders, devices and what is not there, without their paths', async () => {
    const ctx = await fresh();
    for (const path of [folder, '/dev/zero', join(folder, 'none.csv')]) {
      const error = await importRecords(ctx, { path }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'file_rejected' });
      expect(String(error)).not.toContain(tmpdir());
    }
    await expect(importRecords(ctx, { path: 'a\u0000.csv' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('lists the data files of a folder, those that others refer to first', async () => {
    const inside = join(folder, 'inside');
    await mkdir(inside, { recursive: true });
    for (const name of ['events.csv', 'contacts.csv', 'b.jsonl', 'accounts.csv', 'deals.tsv', 'notes.md'])
      await writeFile(join(inside, name), 'x');
    const files = await listDataFiles([inside, join(inside, 'notes.md')]);
    expect(files.map((path) => path.slice(inside.length + 1))).toEqual([
      'accounts.csv',
      'b.jsonl',
      'contacts.csv',
      'deals.tsv',
      'events.csv',
      'notes.md',
    ]);
    await expect(listDataFiles([join(inside, 'none')])).rejects.toMatchObject({ code: 'file_rejected' });
  });

  it('takes in the others of a folder when one cannot be read, and names that one', async () => {
    const ctx = await fresh();
    const mixed = join(folder, 'mixed');
    await mkdir(mixed, { recursive: true });
    await writeFile(join(mixed, 'a.csv'), 'domain,name\nacme.com,Acme\n');
    await writeFile(join(mixed, 'b.csv'), 'odd,columns\n1,2\n');
    await writeFile(join(mixed, 'c.csv'), '');
    await writeFile(join(mixed, 'd.csv'), 'domain,name\nglobex.com,Globex\n');
    const done = await runCommand([registerImport], ctx, ['import', mixed, '--json']);
    expect(done.code).toBe(1);
    expect(done.out.split('\n').map((line) => (JSON.parse(line) as { file: string }).file)).toEqual(['a.csv', 'd.csv']);
    expect(done.err).toMatch(/b\.csv: Error ambiguous: .*\n.*\n.*c\.csv: Error file_rejected: The file is empty\./);
    await expect(runCommand([registerImport], ctx, ['import', join(mixed, 'c.csv')])).rejects.toMatchObject({ code: 'file_rejected' });
  });

  describe.skipIf(!hasCompanies)('lists of real companies', () => {
    it('become one account a domain, with facts from each', async () => {
      const ctx = await fresh();
      // after the stamps in the lists
      ctx.setNow('2030-01-01T00:00:00Z');
      const files = await listDataFiles([companies]);
      const domains = new Set<string>();
      for (const path of files) {
        const rows = (await readFile(path, 'utf8')).trimEnd().split('\n');
        const result = await importRecords(ctx, { path });
        expect(result).toMatchObject({ kind: 'accounts', rows: { read: rows.length }, lines: { total: rows.length } });
        // three years of founding, and no way to tell which
        expect(result.bad.filter((cell) => !/^\d{4}\/\d{4}/.test(cell.value))).toEqual([]);
        const bad = new Set(result.bad.map((cell) => cell.line));
        for (const [i, row] of rows.entries())
          if (!bad.has(i + 1)) domains.add(z.object({ domain: z.string() }).parse(JSON.parse(row)).domain);
      }
      const { accounts } = await stateOf(ctx);
      expect(accounts.map((a) => a.domain)).toEqual([...domains].sort());
      const again = await importRecords(ctx, { path: files[0] ?? '' });
      expect(again.already_imported).toBe(true);
      expect(again.rows).toMatchObject({ created: 0, updated: 0 });
    });
  });
});
