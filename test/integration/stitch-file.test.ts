import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelledSets, pairwise } from '../../bench/support/identity-sets.ts';
import { register } from '../../src/cli/stitch.ts';
import { reportText } from '../../src/cli/stitch-text.ts';
import { columnMap } from '../../src/identity/column-map.ts';
import { type StitchFileInput, stitchFile } from '../../src/identity/stitch-file.ts';
import { NO_PROGRESS } from '../../src/kernel/context.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { sharedIdentityData } from '../support/identity-data.ts';
import { inventPeople } from '../support/invent-records.ts';
import { runCommand } from '../support/run-command.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-stitch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const HEADER = 'record_id,First Name,Last Name,Email,Phone,Company,City';

async function stitch(text: string | Uint8Array, map: readonly string[] = [], name = 'people.csv', threads = 1) {
  const [path, out, explain] = [join(folder, name), join(folder, 'clusters.csv'), join(folder, 'pairs.csv')];
  await writeFile(path, text);
  const report = await stitchFile({ path, map: columnMap(map), out, explain, threads }, NO_PROGRESS);
  return { report, clusters: await readFile(out, 'utf8'), pairs: await readFile(explain, 'utf8') };
}

async function failure(work: Promise<unknown>): Promise<SamepageError> {
  const found = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(found instanceof SamepageError)) throw new Error(`no SamepageError, but ${String(found)}`);
  return found;
}

describe('a file', () => {
  const people = inventPeople(60);
  const text = (rows: readonly (readonly string[])[]) => [HEADER, ...rows.map((row) => row.join(','))].join('\n');

  it('gets a cluster for each record, in its own order, and pairs that explain them', async () => {
    const { report, clusters, pairs } = await stitch(text(people));
    const lines = clusters.trim().split('\n');
    expect(lines[0]).toBe('id,cluster');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(people.map(([id]) => id));
    expect(report).toMatchObject({ subject: 'person', records: 60, idColumn: 'record_id' });
    expect(report.duplicates).toBeGreaterThan(30);
    const [head = '', first = ''] = pairs.split('\n');
    expect(head).toBe('left,right,decision,p,bits,prior,same_cluster,evidence,sentence');
    const [, , decision, , bits, prior, , evidence = ''] = first.split(',');
    const sum = [...evidence.matchAll(/:(-?[\d.]+)(?= |$)/g)].reduce((all, [, one]) => all + Math.round(Number(one) * 100), 0);
    expect(decision).toBe('match');
    expect(Math.round(Number(bits) * 100)).toBe(sum + Math.round(Number(prior) * 100));
    expect(reportText(report, 'clusters.csv', undefined)).toContain('60 records are');
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
    const printed = ['stitch', join(folder, 'people.csv'), '--out', join(folder, 'clusters.csv'), '--json'];
    expect(JSON.parse((await runCommand([register], undefined, printed)).out)).toMatchObject({
      records: 60,
      pairs_compared: report.pairsCompared,
      id_column: 'record_id',
    });
  });

  it('is read with the country of each row, else with the one given, for telephone numbers', async () => {
    const rows = [
      'id,name,phone,country',
      '1,Ada Quill,030 123456,Germany',
      '2,Ada Quill,+49 30 123456,',
      '3,Ada Quill,030 123456,AT',
      '4,Bo Ferrante,12 34 56 78,',
      '5,Bo Ferrante,+4512345678,dk',
      ...people.map(([id, first, last], i) => `${id},${first} ${last},${4_155_550_100 + i * 977},us`),
    ].join('\n');
    /** What the number tells of two records. */
    const phoneOf = async (left: string, right: string, country?: string) => {
      const [path, out, explain] = [join(folder, 'phones.csv'), join(folder, 'phones-out.csv'), join(folder, 'phones-pairs.csv')];
      await writeFile(path, rows);
      await stitchFile({ path, map: columnMap([]), out, explain, ...(country !== undefined && { country }) }, NO_PROGRESS);
      const pair = (await readFile(explain, 'utf8')).split('\n').find((line) => line.startsWith(`${left},${right},`));
      return /phone=(\w+)/.exec(pair ?? '')?.[1];
    };
    expect(await phoneOf('1', '2')).toBe('same');
    expect(await phoneOf('1', '3')).not.toBe('same');
    expect(await phoneOf('4', '5')).not.toBe('same');
    expect(await phoneOf('4', '5', 'Denmark')).toBe('same');
    const { code, message } = await failure(phoneOf('1', '2', 'Atlantis'));
    expect([code, message]).toEqual(['invalid_input', expect.stringContaining('Atlantis')]);
  });

  it('is not written over, nor are two outputs one file', async () => {
    const path = join(folder, 'kept.csv');
    await writeFile(path, text(people));
    const link = join(folder, 'link.csv');
    await symlink(path, link);
    const tries: Partial<StitchFileInput>[] = [
      { out: path },
      { out: link },
      { out: join(folder, 'o.csv'), explain: join(folder, 'o.csv') },
    ];
    for (const named of tries) {
      const { code, message } = await failure(stitchFile({ path, map: columnMap([]), out: join(folder, 'o.csv'), ...named }, NO_PROGRESS));
      expect(code).toBe('invalid_input');
      expect(message).toMatch(/is a file that is read, or written already/);
    }
    expect(await readFile(path, 'utf8')).toBe(text(people));
  });

  it('is not read where what comes of it could not be written, nor is a part of that', async () => {
    const [path, out] = [join(folder, 'unread.csv'), join(folder, 'unwritten.csv')];
    await writeFile(path, text(people));
    const explain = join(folder, 'no', 'such', 'pairs.csv');
    const progress = { report: () => expect.unreachable('it was begun') };
    for (const named of [{ out, explain }, { out: folder }, { out: explain }]) {
      const { message } = await failure(stitchFile({ path, map: columnMap([]), ...named }, progress));
      expect(message).toMatch(/cannot be written|is a folder/);
    }
    expect(await readdir(folder)).not.toContain('unwritten.csv');
  });

  it('gives the same clusters and pairs in any order of its rows, byte for byte', async () => {
    const one = await stitch(text(people));
    const other = await stitch(text([...people].reverse()));
    expect(other.clusters.trim().split('\n').sort()).toEqual(one.clusters.trim().split('\n').sort());
    expect(other.pairs).toBe(one.pairs);
  });

  it('gives the same with two threads, whatever its rows are made of', async () => {
    const many = inventPeople(4000);
    const odd = many.map(([id = '', given = '', family = '', ...others], i) => {
      const row = [id, i % 50 === 0 ? `"${given}"` : given, i % 70 === 0 ? `${family}é` : ` ${family} `, ...others].join(',');
      return i % 90 === 0
        ? `${row}\r`
        : i % 200 === 0
          ? `${row}\n , ,\n`
          : i % 333 === 0
            ? row.replace(`${family} `, `"${family}\n"`)
            : row;
    });
    const file = [HEADER, ...odd].join('\n');
    const one = await stitch(file, [], 'many.csv', 1);
    const two = await stitch(file, [], 'many.csv', 2);
    expect(two).toEqual(one);
    // all quoted: no row is cut where it stands
    const cells = (row: readonly string[]) => row.map((cell) => `"${cell}"`).join(',');
    const plain = await stitch([HEADER, ...many.map((row) => row.join(','))].join('\n'), [], 'many.csv', 1);
    const quoted = await stitch([HEADER, ...many.map(cells)].join('\n'), [], 'many.csv', 2);
    expect(quoted).toEqual(plain);
  });

  it('in whatever form an export has it, is the same file', async () => {
    const plain = `${HEADER}\n1,Jörg,Müller,j.mueller@müller.example,+49 30 5550 1820,Müller GmbH,Köln\n2,Jorg,Mueller,j.mueller@müller.example,030 55501820,Müller,Köln\n3,Ada,Byrne,ada@byrne.example,,,\n`;
    const { clusters } = await stitch(plain);
    expect(clusters.trim().split('\n')).toEqual(['id,cluster', '1,1', '2,1', '3,3']);
    const forms: [string, string | Uint8Array][] = [
      ['a BOM', `\ufeff${plain}`],
      ['CRLF', plain.replaceAll('\n', '\r\n')],
      ['CR', plain.replaceAll('\n', '\r')],
      ['semicolons', plain.replaceAll(',', ';')],
      ['UTF-16', Buffer.from(`\ufeff${plain}`, 'utf16le')],
      ['a last column without a name', plain.replaceAll('\n', ',x\n').replace('City,x', 'City,')],
      ['a line break in a cell', plain.replace('Müller GmbH', '"Müller\r\nGmbH"')],
    ];
    for (const [form, text] of forms) expect((await stitch(text)).clusters, form).toBe(clusters);
    const old = await stitch(Buffer.from(plain, 'latin1'));
    expect(old.clusters).toBe(clusters);
    expect(old.report.notes).toEqual([expect.stringContaining('read as windows-1252')]);
    // characters of several bytes across the pieces of a long file
    const long = Array.from({ length: 9000 }, (_, i) => `${i},${'漢字🦆'.repeat(i % 7)},ü${i}q,,,,`);
    expect((await stitch([HEADER, ...long].join('\n'))).report.notes).toEqual([]);
  });

  it('that says nothing of anybody joins nobody', async () => {
    const rows = (cells: (i: number) => string) => [HEADER, ...Array.from({ length: 30 }, (_, i) => `${i},${cells(i)}`)].join('\n');
    const long = 'x'.repeat(10_000);
    const forms: [string, string][] = [
      ['blanks', rows(() => ',,,,,')],
      ['placeholders', rows(() => 'N/A,Unknown,noemail@none.example,0000000000,n/a,-')],
      ['10,000 characters', rows(() => `${long},${long},${long}@${long}.example,${'7'.repeat(10_000)},${long},`)],
      ['marks without a letter', rows(() => '\u0301\u0301,\u0300,@,☎,🦆,\u202e')],
      ['addresses that are none', rows((i) => `,,${['@', 'a@', '@b', 'a b@c', 'nobody'][i % 5]},,,`)],
    ];
    for (const [form, text] of forms) expect((await stitch(text)).report, form).toMatchObject({ records: 30, clusters: 30, matches: 0 });
    for (const text of [HEADER, `${HEADER}\n`]) expect((await stitch(text)).report).toMatchObject({ records: 0, clusters: 0 });
  });

  it('without ids has its line numbers as ids', async () => {
    const { report, clusters } = await stitch('First Name,Last Name,Email\nAda,Lovelace,ada@x.com\n\nGrace,Hopper,grace@y.com\n');
    expect(report.idColumn).toBeNull();
    expect(report.notes.join()).toContain('line numbers');
    expect(clusters).toBe('id,cluster\n2,2\n4,4\n');
  });

  it('with an id column that repeats says so; a column mapped as the id is refused', async () => {
    const repeated = 'id,First Name,Last Name\n7,Ada,Lovelace\n7,Grace,Hopper\n';
    const { report, clusters } = await stitch(repeated);
    expect(report.notes.join()).toContain('line numbers are the ids');
    expect(clusters).toBe('id,cluster\n2,2\n3,3\n');
    const error = await failure(stitch(repeated, ['id=id']));
    expect(error.code).toBe('invalid_input');
    expect(error.problems).toMatchObject([{ path: 'line 3', value: '7', reason: 'has the id of line 2' }]);
  });

  it('of organisations is matched as such', async () => {
    const { report, clusters } = await stitch(
      'id,name,addr,city,phone\n1,Trattoria Bellavista,12 Long St.,Leeds,0113 496 0001\n2,Bellavista Trattoria,12 long street,Leeds,0113-4960001\n3,Golden Dragon,12 Long St.,Leeds,0113 496 0777\n',
    );
    expect(report.subject).toBe('organisation');
    expect(clusters).toBe('id,cluster\n1,1\n2,1\n3,3\n');
  });

  it.each<[string, string, string[], string]>([
    ['a column that is not there', 'id,name\n1,Acme\n', ['Nmae=company'], 'did you mean "name"?'],
    ['a kind that is none', 'id,name\n1,Acme\n', ['name=compny'], 'did you mean company?'],
    ['no pair', 'id,name\n1,Acme\n', ['name'], 'is no column=kind'],
    ['a file with nothing to compare', 'id,created_at\n1,2020-01-01\n', [], 'No column of the file says anything'],
    ['too many cells', 'id,name\n1,Acme\n2,B,C\n', [], 'cannot be read'],
    ['a quote that is never closed', 'id,name\n1,"Acme\n', [], 'cannot be read'],
    ['an empty file', '', [], 'empty'],
    ['JSONL', '{"id":1}\n', [], 'reads CSV'],
  ])('is refused for %s', async (_, text, map, message) => {
    const error = await failure(stitch(text, map));
    expect([error.message, error.next, ...error.problems.map(({ reason }) => reason)].join(' ')).toContain(message);
  });
});

const shared = sharedIdentityData();

describe.skipIf(shared === undefined)('public sets, at the default threshold (skipped where the shared data is absent)', () => {
  /** What each must keep, pairwise F1. */
  const FLOORS: Readonly<Record<string, number>> = {
    fake_1000: 0.94,
    febrl1: 0.99,
    febrl2: 0.99,
    febrl3: 0.998,
    febrl4: 0.99,
    fodors_zagats: 0.98,
  };

  it('keep their figures', async () => {
    for (const set of await labelledSets(shared ?? '')) {
      const { clusters } = await stitch(set.csv, [], `${set.name}.csv`);
      expect(pairwise(clusters, set).f1, set.name).toBeGreaterThanOrEqual(FLOORS[set.name] ?? 1);
    }
  });
});
