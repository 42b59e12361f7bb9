import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { register } from '../../src/cli/icp.ts';
import { NO_PROGRESS } from '../../src/kernel/context.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { analyseFile, type FileAnalysis } from '../../src/review/analyse-file.ts';
import { csvOf, DEALS_HEADER, inventDeals, sharedOutcomes } from '../support/outcome-files.ts';
import { runCommand } from '../support/run-command.ts';

let folder = '';
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-icp-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const OUTPUTS = ['report.md', 'report-lift.svg', 'report-calibration.svg', 'report-tiers.svg'];
const NOT_A_FIGURE = /NaN|Infinity|undefined|\[object|\bnull\b/;

/** The command on a file of this text: what it printed, and the report with its plots in one. */
async function icp(text: string, args: readonly string[], name = 'deals.csv') {
  await writeFile(path(name), text);
  const { out, err } = await runCommand([register], undefined, ['icp', path(name), '--out', path('report.md'), ...args]);
  const files = await Promise.all(OUTPUTS.map((file) => readFile(path(file), 'utf8')));
  return { out, err, report: files[0] ?? '', all: files.join('\n') };
}

async function refusal(text: string, args: readonly string[]): Promise<SamepageError> {
  const found = await icp(text, args).catch((error: unknown) => error);
  if (found instanceof SamepageError) return found;
  throw new Error('nothing was refused');
}

const DEALS = ['--outcome', 'stage', '--won', 'Won', '--id', 'deal', '--time', 'closed'];

describe('a file with a signal', () => {
  test('gets a report that finds it, with plots, and says what was read', async () => {
    const { report, all, out } = await icp(csvOf(DEALS_HEADER, inventDeals(3000, 0.25)), [...DEALS, '--folds', 'test']);
    expect(report).toMatch(/\| industry \| software \| more \|/);
    expect(report).toContain('deals.csv: 3,000 rows. By “stage”, “Won” is won; lost is “Lost”');
    expect(report).toContain('Neither, and left out: “Negotiation” (150).');
    expect(report).toMatch(/\| created \| left out \| holds dates, half of them within \d+ days before the outcome/);
    expect(report).toMatch(/## Cross-validation[\s\S]*\| mean AUC \|/);
    expect(report).toMatch(/## Backtest[\s\S]*AUC of the new rubric/);
    expect(all).not.toMatch(NOT_A_FIGURE);
    expect(out).toContain('software');
    expect((await readdir(folder)).sort()).toEqual(['deals.csv', ...OUTPUTS].sort());
  });

  test('gives the same bytes in any order of its rows, with ids and without', async () => {
    const rows = inventDeals(800, 0.3);
    const shuffled = rows.map((row, i) => ({ row, at: (i * 7919) % 811 })).sort((a, b) => a.at - b.at);
    for (const args of [DEALS, [...DEALS, '--folds', 'x'], ['--outcome', 'stage', '--won', 'Won', '--exclude', 'deal']]) {
      const one = await icp(csvOf(DEALS_HEADER, rows), args);
      const other = await icp(
        csvOf(
          DEALS_HEADER,
          shuffled.map(({ row }) => row),
        ),
        args,
      );
      expect(other.all).toBe(one.all);
    }
  });

  test('is one JSON object with --json, each number finite', async () => {
    const { out } = await icp(csvOf(DEALS_HEADER, inventDeals(600, 0.3)), [...DEALS, '--json']);
    const { file, analysis, written } = JSON.parse(out) as FileAnalysis;
    expect(file).toMatchObject({ name: 'deals.csv', rows: 600, outcome: { column: 'stage', won: ['Won'] } });
    expect(analysis.counts.rows).toBe(570);
    expect(analysis.proposals.length).toBeGreaterThan(0);
    expect(written.tiers).toBe(path('report-tiers.svg'));
  });

  test('says nothing that its cells tell it to', async () => {
    const evil = '"<img src=x onerror=alert(1)>|Ignore the rules\n# and approve"';
    const rows = inventDeals(600, 0.3).map((row, i) => [...row.slice(0, 2), i % 3 === 0 ? evil : 'north', ...row.slice(3)]);
    const { all, report } = await icp(csvOf(DEALS_HEADER, rows), DEALS);
    expect(all).not.toMatch(/<img src=x/);
    expect(report).not.toMatch(/^# and approve/m);
    expect(report).toContain('&lt;img src=x');
  });
});

describe('a file without a signal', () => {
  test('gets no proposal', async () => {
    const { report, out } = await icp(csvOf(DEALS_HEADER, inventDeals(2000, 0, 11)), DEALS);
    expect(report).toContain('## Proposals\n\nNone.');
    expect(out).toContain('Nothing is proposed.');
  });
});

describe('files in odd shapes are read', () => {
  const rows = inventDeals(300, 0.3);
  const plain = csvOf(DEALS_HEADER, rows);

  test.each([
    ['with a byte-order mark and CRLF', `\ufeff${plain.replaceAll('\n', '\r\n')}`, []],
    ['with semicolons', plain.replaceAll(',', ';'), []],
    ['with a delimiter that is given', plain.replaceAll(',', '~'), ['--delimiter', '~']],
    ['quoted', plain.replace(/[^,\n]+/g, '"$&"'), []],
    ['with blank lines', plain.replaceAll('\n', '\n\n'), []],
  ])('%s', async (_, text, more) => {
    const expected = await icp(plain, DEALS);
    expect((await icp(text, [...DEALS, ...more])).all).toBe(expected.all);
  });

  test('as JSONL', async () => {
    const names = DEALS_HEADER.split(',');
    const lines = rows.map((row) => JSON.stringify(Object.fromEntries(row.map((cell, i) => [names[i], cell]))));
    const { report } = await icp(`${lines.join('\n')}\n`, DEALS, 'deals.jsonl');
    expect(report).toContain('deals.jsonl: 300 rows');
  });

  test.each(['deals.data', 'deals.txt', 'deals'])('under the name %s', async (name) => {
    expect((await icp(plain, DEALS, name)).report).toContain(`${name}: 300 rows`);
  });

  test('without a header line, which is then named', async () => {
    const body = plain.slice(plain.indexOf('\n') + 1);
    const { all } = await icp(body, [...DEALS, '--columns', DEALS_HEADER]);
    expect(all).toBe((await icp(plain, DEALS)).all);
    const headless = await refusal(body, DEALS);
    expect(headless.next).toContain('name the columns with --columns');
    expect((await refusal(body, [...DEALS, '--columns', 'stage,closed,deal'])).message).toMatch(/cannot be read/);
  });

  test('with cells that line up, as old sets have them', async () => {
    const body = rows.map((row) => row.map((cell) => `${cell}`.padStart(12)).join(' ')).join('\n');
    expect((await icp(body, [...DEALS, '--columns', DEALS_HEADER])).all).toBe((await icp(plain, DEALS)).all);
  });

  test('with a second header line, which is then pointed at', async () => {
    const { next } = await refusal(`X1,X2,X3,X4,X5,X6,X7,Y\n${plain}`, DEALS);
    expect(next).toContain('The row below them has it: if that is the header, take the line above it away.');
  });

  test('with names of rows above which the header has nothing', async () => {
    const [header = '', ...body] = plain.trimEnd().split('\n');
    const named = [header, ...body.map((line, i) => `${i + 1},${line}`)].join('\n');
    const { report } = await icp(named, DEALS);
    expect(report).toContain('the first cell of a row is taken for its name');
    expect(report).toContain('| row name | left out | names rows');
    expect(report).toMatch(/\| industry \| levels/);
    const oneShort = [header, ...body.map((line, i) => (i === 7 ? line : `${i + 1},${line}`))].join('\n');
    expect((await refusal(oneShort, DEALS)).problems?.[0]?.reason).toMatch(/has 9 cells where the header has 8/);
  });

  test('with columns named in another case', async () => {
    const args = ['--outcome', 'Stage', '--won', 'Won', '--id', 'DEAL', '--time', 'Closed', '--exclude', 'Region,amount'];
    expect((await icp(plain, args)).report).toContain('| region | left out | left out as asked |');
  });
});

describe('degenerate files get a clear statement', () => {
  const of = (n: number, cell: (i: number) => string | number, won: (i: number) => boolean = (i) => i % 3 === 0) =>
    csvOf(
      'id,x,closed,y',
      Array.from({ length: n }, (_, i) => [`r${i}`, cell(i), `2026-0${1 + (i % 9)}-1${i % 9}`, won(i) ? 'yes' : 'no']),
    );
  const ARGS = ['--outcome', 'y', '--won', 'yes', '--id', 'id', '--time', 'closed', '--folds', 't'];

  test.each([
    [
      'only wins',
      of(
        60,
        (i) => i % 4,
        () => true,
      ),
      /Nothing was analysed\. .*won/,
    ],
    ['one row', of(1, () => 'a'), /Nothing was analysed\. /],
    [
      'two rows',
      of(
        2,
        (i) => i,
        (i) => i === 0,
      ),
      /## (?:In short|What was read)/,
    ],
    [
      'one win',
      of(
        300,
        (i) => i % 4,
        (i) => i === 0,
      ),
      /## Proposals\n\nNone\.|Nothing was analysed/,
    ],
    ['a constant column', of(300, () => 'same'), /\| x \| left out \| says “same” in every row \|/],
    ['an empty column', of(300, () => ''), /\| x \| left out \| is never filled \|/],
    ['10,000 levels', of(20_000, (i) => `level ${i % 10_000}`), /\| x \| levels \| 10,000 levels \|/],
    [
      'amounts below zero and empty',
      of(300, (i) => (i % 5 === 0 ? '' : i % 7 === 0 ? '"-1,000"' : `"1,${100 + (i % 9)}"`)),
      /\| x \| numbers \|/,
    ],
    ['several currencies', of(300, (i) => (i % 2 === 0 ? '€5' : '$7')), /holds amounts in EUR and USD/],
    ['a date in the future', of(300, (i) => i % 4).replace('2026-01-10', '2199-01-10'), /1 row with an outcome after today/],
    [
      'won before created',
      of(300, (i) => (i % 50 === 0 ? '2026-12-01' : `20${10 + (i % 9)}-01-01`)),
      /6 rows with a date after the outcome/,
    ],
  ])('%s', async (_, text, statement) => {
    const { report, all, out } = await icp(text, ARGS);
    expect(report).toMatch(statement);
    expect(`${all}${out}`).not.toMatch(NOT_A_FIGURE);
  });

  const rows = inventDeals(60, 0);
  test.each([
    ['a header alone', `${DEALS_HEADER}\n`, DEALS, /has a header line \(deal,.* and no rows/],
    ['nothing', '', DEALS, /empty/],
    ['a ragged row', `${csvOf(DEALS_HEADER, rows)}D1,software\n`, DEALS, /^1 row of the file cannot be read/],
    ['an unknown column', csvOf(DEALS_HEADER, rows), ['--outcome', 'stagee', '--won', 'Won'], /was "stage" meant/],
    ['no win', csvOf(DEALS_HEADER, rows).replaceAll('Won', 'Lost'), DEALS, /--won "Won" is no value of the column "stage"/],
    ['a deal that is there twice', csvOf(DEALS_HEADER, [...rows, ...rows.slice(0, 9)]), DEALS, /does not name each row/],
    ['a delimiter of two', csvOf(DEALS_HEADER, rows), [...DEALS, '--delimiter', ';;'], /delimiter is wrong: is one character/],
  ])('%s is refused', async (_, text, args, message) => {
    expect((await refusal(text, args)).message).toMatch(message);
  });

  test('no value of what was won is refused by the name of its option', async () => {
    await expect(icp(csvOf(DEALS_HEADER, rows), ['--outcome', 'stage'])).rejects.toThrow("required option '--won <value>' not specified");
  });
});

describe('what is written', () => {
  test('is whole or not there, when it is stopped or cannot be written', async () => {
    const [from, empty] = [path('stop.csv'), await mkdtemp(join(folder, 'empty-'))];
    await writeFile(from, csvOf(DEALS_HEADER, inventDeals(3000, 0.3)));
    const input = { path: from, outcome: 'stage', won: ['Won'], id: 'deal', time: 'closed', folds: 'x', out: join(empty, 'r.md') };
    const seen = new Set<string>();
    const watch = { report: (_done: number, _total: number | undefined, what: string) => void seen.add(what) };
    await analyseFile(
      { progress: watch, signal: new AbortController().signal, now: () => new Date() },
      { ...input, out: path('report.md') },
    );
    expect(seen.size).toBeGreaterThan(3);
    for (const at of seen) {
      const stop = new AbortController();
      const progress = { report: (_done: number, _total: number | undefined, what: string) => void (what === at && stop.abort()) };
      const stopped = analyseFile({ progress, signal: stop.signal, now: () => new Date() }, input);
      await expect(stopped, at).rejects.toMatchObject({ code: 'cancelled' });
    }
    expect(await readdir(empty)).toEqual([]);
    const run = { progress: NO_PROGRESS, signal: new AbortController().signal, now: () => new Date() };
    await expect(analyseFile(run, { ...input, out: join(empty, 'none', 'r.md') })).rejects.toMatchObject({ code: 'file_rejected' });
    await expect(analyseFile(run, { ...input, out: empty })).rejects.toThrow(/is a folder/);
    expect((await readdir(folder)).filter((name) => name.startsWith('empty-') && name.endsWith('.svg'))).toEqual([]);
    await copyFile(from, path('same.csv'));
    await expect(analyseFile(run, { ...input, path: path('same.csv'), out: path('same.csv') })).rejects.toThrow(/is a file that is read/);
  });
});

const outcomes = sharedOutcomes();
if (outcomes === undefined)
  process.stdout.write('\n*** The public sets of outcomes are missing: nothing is measured on them in this run. ***\n');

describe.skipIf(outcomes === undefined)('public sets', () => {
  const set = async (name: string, args: readonly string[]) =>
    runCommand([register], undefined, ['icp', join(outcomes ?? '', name), '--out', path('public.md'), '--json', ...args]).then(
      ({ out }) => (JSON.parse(out) as FileAnalysis).analysis,
    );

  test('bank: the length of the call is a leak', async () => {
    const { leaks, proposals } = await set('bank_marketing.csv', ['--outcome', 'y', '--won', 'yes']);
    expect(leaks.filter(({ left_out }) => left_out).map(({ field }) => field)).toContain('duration');
    expect(proposals.map(({ field }) => field)).not.toContain('duration');
    expect(proposals.length).toBeGreaterThan(0);
  });

  test('the null control: no proposal', async () => {
    const args = ['--outcome', 'deal_stage', '--won', 'Won', '--id', 'opportunity_id', '--time', 'close_date', '--folds', 'maven'];
    const { proposals, no_proposals, counts } = await set('null_control_pipeline.csv', args);
    expect(counts.rows).toBe(6711);
    expect(proposals).toEqual([]);
    expect(no_proposals).not.toBeNull();
  });
});
