import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributePaths, type PathsReport } from '../../src/attribution/attribute-paths.ts';
import { markovCredits } from '../../src/attribution/core/markov.ts';
import { register } from '../../src/cli/attribute.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { type Context, NO_PROGRESS } from '../../src/kernel/context.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { sharedAttribution } from '../support/attribution-vectors.ts';
import { runCommand } from '../support/run-command.ts';

type Given = Partial<Parameters<typeof attributePaths>[1]>;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-paths-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function attribute(text: string, given: Given = {}, name = 'paths.csv'): Promise<PathsReport> {
  const paths = join(folder, name);
  await writeFile(paths, text);
  return attributePaths({ progress: NO_PROGRESS, signal: new AbortController().signal }, { paths, ...given });
}

async function failure(text: string, given: Given = {}): Promise<SamepageError> {
  const error = await attribute(text, given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SamepageError)) throw new Error(`no SamepageError, but ${String(error)}`);
  return error;
}

const creditsOf = (report: PathsReport, model: string) =>
  Object.fromEntries((report.models.find((one) => one.model === model)?.credits ?? []).map((one) => [one.channel, one.conversions]));

const FILE = `path;total_conversions;total_conversion_value;total_null
Search > Email > Search;3;"1.200,50";4
 Événement  →  Email ;1;;2
"Événement -> Email";"1,200";10;0
;5;3;1
Email;0;0;0
Email;-3;0;0
Email;x;0;0
 > Search > ;1;0,25;0
Search > Email`;

describe('a file of paths', () => {
  it('is credited by each model to the last digit, and rows that cannot be used are named', async () => {
    const report = await attribute(FILE);
    expect(report.refused).toEqual({
      count: 3,
      problems: [
        { path: 'line 7, column total_conversions', value: '-3', reason: 'is below 0' },
        { path: 'line 8, column total_conversions', value: 'x', reason: 'is not a number' },
        { path: 'line 10', value: 'Search > Email', reason: 'has 1 cell where the header has 4' },
      ],
    });
    expect(report.totals).toEqual({
      rows: 6,
      touches: 8,
      channels: 4,
      conversions: 1205,
      nulls: 6,
      value: 1210.75,
      without_touch: 1,
      conversions_without_touch: 5,
      value_without_touch: 3,
      without_count: 1,
      unnamed_touches: 2,
      marked: 0,
      folded: 0,
    });
    expect(creditsOf(report, 'linear')).toEqual({ Email: 601, Search: 3, Événement: 600, 'Événement → Email': 1 });
    expect(report.models.map(({ model }) => model)).toEqual([
      'first_touch',
      'last_touch',
      'last_non_direct',
      'linear',
      'position_based',
      'markov',
      'shapley',
    ]);
    expect(report.left_out).toEqual([{ model: 'time_decay', why: expect.stringContaining('days, hours or times') }]);
  });

  it('takes the named ends of a chain for no touches', async () => {
    const plain = await attribute('path,conversions,nulls\na > b,2,1\n(null),0,1\nb > (start),1,0');
    const marked = await attribute('path,conversions,nulls\n(start) > a > b > (conversion),2,1\n(Start) > (null),0,1\nb > (start),1,0');
    expect(marked.models).toEqual(plain.models);
    expect(plain.totals).toMatchObject({ channels: 3, without_touch: 1, marked: 1 });
    expect(marked.totals.marked).toBe(2);
    expect(marked.notes).toContain('(start), (conversion) and (null) at the ends of 2 paths are no touches, and left out.');
  });

  it('counts a touch as often as Google writes that it came', async () => {
    const plain = await attribute('path,conversions\nDirect > Direct,3\nAds > Direct > Direct > Direct > Email,2\nPix×el 4x,1');
    const folded = await attribute('path,conversions\nDirect × 2,3\nAds > Direct x 3 > Email,2\nPix×el 4x,1');
    expect(folded.models).toEqual(plain.models);
    expect([plain.totals.folded, folded.totals.folded]).toEqual([0, 2]);
    expect(folded.notes.join()).toContain('counts so often: in 2 paths');
  });

  it('says when it adds up values of several currencies, and what it has not read', async () => {
    const mixed = await attribute('path,conversions,value,ticket\na > b,1,EUR 10,x\nb,1,$5,y\na,1,3,z');
    expect(mixed.totals.value).toBe(18);
    expect(mixed.notes.join()).toContain('Values are written in EUR, USD and are added up as one');
    expect(mixed.notes.join()).toContain('Not read: ticket. --map "Column=value"');
    const one = await attribute('path,conversions,value\na > b,1,€10\nb,1,€ 5');
    expect(one.notes.join()).not.toMatch(/added up as one|Not read/);
  });

  it('gives the same report and file, byte for byte, in any order of its rows', async () => {
    const rows = inventRows(400);
    const run = async (lines: readonly string[], out: string) => {
      const report = await attribute(['path,conversions,value,nulls,days', ...lines].join('\n'), { order: 2, out: join(folder, out) });
      return JSON.stringify(report) + (await readFile(join(folder, out), 'utf8'));
    };
    const one = await run(rows, 'one.csv');
    expect(await run(rows.toReversed(), 'other.csv')).toBe(one);
    expect(await run(rows.toSorted(), 'other.csv')).toBe(one);
    expect(one).not.toMatch(/NaN|null,|Infinity/);
  });

  it('sums to its totals in every model, and has the removal effects of its paths', async () => {
    const rows = inventRows(300);
    const report = await attribute(['path,conversions,value,nulls,days', ...rows].join('\n'), {
      weights: 'first_touch=22.5,last_touch=30,others=47.5',
      model: ['shapley_conversion_rate', 'markov,time_decay', 'linear'],
    });
    expect(report.models.map(({ model }) => model)).toEqual(['linear', 'time_decay', 'markov', 'weighted', 'shapley_conversion_rate']);
    for (const { credits } of report.models) {
      for (const figure of ['conversions', 'value'] as const) {
        // in units so small that doubles hold them as whole numbers
        const sum = credits.reduce((total, one) => total + Math.round((one[figure] ?? 0) * 1e9), 0);
        expect(sum / 1e9).toBeCloseTo(report.totals[figure] ?? Number.NaN, 7);
      }
    }
    const paths = rows.map((row) => {
      const [path = '', conversions, , nulls] = row.split(',');
      return { path: path.split(' > '), conversions: Number(conversions), nulls: Number(nulls) };
    });
    const expected = markovCredits(paths, 1);
    for (const [i, { removal_effect, conversions }] of (report.models[2]?.credits ?? []).entries()) {
      expect(removal_effect).toBe(expected[i]?.removalEffect);
      expect(Math.abs(conversions - (expected[i]?.credit ?? 0))).toBeLessThan(1e-9);
    }
  });

  it.each<[string, string, Given, Record<string, Record<string, number>>]>([
    ['one journey a row, with a flag', 'Path,Conversion\nA > B,1\nA,0\nB,0', { model: ['markov'] }, { markov: { A: 1 / 3, B: 2 / 3 } }],
    ['no counts at all', 'journey\nA > B\nA', { model: ['first_touch'] }, { first_touch: { A: 2, B: 0 } }],
    [
      'a frame with how often each path came',
      'channels_agg,converted_agg,conversion_value\nA > B,True,3\nA,False,5\nB,True,',
      { model: ['last_touch', 'markov'] },
      { last_touch: { A: 0, B: 4 }, markov: { A: 12 / 7, B: 16 / 7 } },
    ],
    [
      'ages in hours',
      'path,conversions,time_till_conv_agg\nA > B > C,7,336.0 > 168.0 > 0.0',
      { model: ['time_decay'] },
      { time_decay: { A: 1, B: 2, C: 4 } },
    ],
    [
      'times of touches',
      'path,total_conversions,total_null,exposure_times\nA > B,3,0,2018-02-01 10:00:00 > 2018-02-08 10:00:00',
      { model: ['time_decay'] },
      { time_decay: { A: 1, B: 2 } },
    ],
    ['lists as programs write them', `path,conversions\n"['A, x', 'B']",2`, { model: ['linear'] }, { linear: { 'A, x': 1, B: 1 } }],
    ['an odd separator that is given', 'path,conversions\nA ~~ B,2', { model: ['linear'], separator: '~~' }, { linear: { A: 1, B: 1 } }],
    [
      'only paths that did not convert',
      'path,conversions,nulls\nA > B,0,4',
      { model: ['markov', 'linear'] },
      { markov: { A: 0, B: 0 }, linear: { A: 0, B: 0 } },
    ],
    ['only empty paths', 'path,conversions\n"",4', { model: ['markov', 'shapley'] }, { markov: {}, shapley: {} }],
    [
      'columns that are named',
      'Reise;Käufe\nA|B;2',
      { map: ['Reise=path', 'Käufe=conversions'], model: ['linear'] },
      { linear: { A: 1, B: 1 } },
    ],
    [
      'a direct channel that is named',
      'path,conversions\nA > Own,2',
      { direct: ['own'], model: ['last_non_direct'] },
      { last_non_direct: { A: 2, Own: 0 } },
    ],
    [
      'remarks before the header, as analytics tools write them',
      '# -----\n# Top Conversion Paths\n\nMCF Channel Grouping Path,Conversions,Conversion Value\nDirect > Search,"1,234","$12,345.60"',
      { model: ['linear', 'last_non_direct'] },
      { linear: { Direct: 617, Search: 617 }, last_non_direct: { Direct: 0, Search: 1234 } },
    ],
    [
      'three that share one',
      'path,conversions\nA > B > C,1',
      { model: ['linear'] },
      { linear: { A: 0.333333333334, B: 0.333333333333, C: 0.333333333333 } },
    ],
  ])('is read with %s', async (_, text, given, expected) => {
    const report = await attribute(text, given);
    for (const [model, credits] of Object.entries(expected)) {
      const found = creditsOf(report, model);
      expect(Object.keys(found)).toEqual(Object.keys(credits));
      for (const [channel, credit] of Object.entries(credits))
        expect(Math.abs((found[channel] ?? Number.NaN) - credit)).toBeLessThan(1e-11);
    }
    expect(JSON.stringify(report)).not.toContain('NaN');
  });

  it('is read from JSONL, lists as they are', async () => {
    const report = await attribute(
      '{"path":["A","B"],"conversions":2,"value":0.3}\n{"path":"B","conversions":1}',
      { model: ['linear'] },
      'paths.jsonl',
    );
    expect(report.models[0]?.credits).toEqual([
      { channel: 'A', conversions: 1, value: 0.15 },
      { channel: 'B', conversions: 2, value: 0.15 },
    ]);
  });

  it.each<[string, string, Given, RegExp]>([
    ['no rows', 'path,conversions', {}, /header line \(path, conversions\) and no rows/],
    ['no row that can be used', 'path,conversions\nA,x', {}, /line 2, column conversions/],
    ['no column of paths', 'a,b\n1,2', {}, /named as paths/],
    ['nothing', '', {}, /empty/],
    ['a model that needs milestones', 'path\nA', { model: ['w_shaped'] }, /changes of stage/],
    ['a model that is not known', 'path\nA', { model: ['marcov'] }, /did you mean markov/],
    ['weights that are missing', 'path\nA', { model: ['weighted'] }, /no weights/],
    ['weights that do not add up', 'path\nA', { weights: 'first_touch=40' }, /add up to 40/],
    ['a weight of a milestone', 'path\nA', { weights: 'lead_created=100' }, /is no weight/],
    ['a half-life of nothing', 'path\nA', { halfLife: 0 }, /halfLife/],
    ['an order of three', 'path\nA', { order: 3 as 2 }, /order/],
    ['a column that is not there', 'path\nA', { map: ['Pfad=path'] }, /does not have/],
    ['times that do not fit', 'path,conversions,days\nA > B,1,3', {}, /has 1 times for 2 touches/],
  ])('is refused for %s', async (_, text, given, message) => {
    const error = await failure(text, given);
    expect(error.message).toMatch(message);
    expect(error.next).not.toBe('');
  });

  it('has the Shapley values of rates left out where sets are too large', async () => {
    const path = Array.from({ length: 17 }, (_, i) => `c${i}`).join(' > ');
    const report = await attribute(`path,conversions\n${path},1`, { model: ['shapley_conversion_rate', 'linear'] });
    expect(report.left_out).toEqual([{ model: 'shapley_conversion_rate', why: expect.stringContaining('17 different channels') }]);
    expect(report.models).toHaveLength(1);
  });

  it('is shown as tables whose figures sum to their totals', async () => {
    const paths = join(folder, 'shown.csv');
    const out = join(folder, 'credits.csv');
    await writeFile(paths, 'path,conversions,value,nulls\nA > B > C,1,100,1\n');
    const shown = await runCommand([register], {} as Context, [
      'attribute',
      '--paths',
      paths,
      '--model',
      'linear',
      '--model',
      'markov',
      '--out',
      out,
    ]);
    expect(shown.out).toMatch(/A +33\.34 +33\.34\n +B +33\.33 +33\.33\n +C +33\.33 +33\.33\n +Total +100\.00 +100\.00/);
    expect(shown.out).toContain('Conversions that would be lost');
    expect((await readFile(out, 'utf8')).split('\n')[0]).toBe(
      'channel,linear_conversions,linear_value,markov_conversions,markov_value,removal_effect',
    );
    const json = await runCommand([register], {} as Context, ['attribute', '--paths', paths, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ file: 'shown.csv', totals: { conversions: 1 } });
  });

  it('is written so that a spreadsheet takes no channel for a formula', async () => {
    const [paths, out] = [join(folder, 'formula.data'), join(folder, 'formula-credits.csv')];
    await writeFile(paths, 'path,conversions\n=1+1 > -2,1\n@x,1\nplain,1\n');
    await runCommand([register], {} as Context, ['attribute', '--paths', paths, '--model', 'linear', '--out', out]);
    const channels = (await readFile(out, 'utf8')).trim().split('\n').slice(1);
    expect(channels).toEqual(["'-2,0.5", "'=1+1,0.5", "'@x,1", 'plain,1']);
  });

  it('takes no share for a count', async () => {
    const { refused, totals } = await attribute('path,conversions,value\nA,3,1\nB,12%,1\nC,1,5 %\n', { model: ['linear'] });
    expect(refused.problems.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'line 3, column conversions is a share, and neither a count nor an amount',
      'line 4, column value is a share, and neither a count nor an amount',
    ]);
    expect(totals.conversions).toBe(3);
  });

  it('can be cancelled', async () => {
    const paths = join(folder, 'cancelled.csv');
    await writeFile(paths, 'path\nA');
    await expect(attributePaths({ progress: NO_PROGRESS, signal: AbortSignal.abort() }, { paths })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

const shared = sharedAttribution();
it.skipIf(shared === undefined)("of DP6's library comes out as that library has it", async () => {
  const run = { progress: NO_PROGRESS, signal: new AbortController().signal };
  const model = ['first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based', 'markov', 'shapley_conversion_rate'];
  const paths = join(shared ?? '', 'mam_test_frame_paths.csv');
  const report = await attributePaths(run, { paths, model, direct: ['A'] });
  const [head = '', ...lines] = (await readFile(join(shared ?? '', 'mam_test_frame_channels.csv'), 'utf8')).trim().split('\n');
  const names = head.split(',');
  const columns = ['first_click', 'last_click_heuristic', 'last_click_non', 'linear', 'position', 'markov', 'shapley'];
  for (const [i, word] of columns.entries()) {
    const column = names.findIndex((name) => name.includes(word));
    for (const line of lines) {
      const cells = line.split(',');
      expect(creditsOf(report, model[i] as string)[cells[0] as string]).toBeCloseTo(Number(cells[column]), 9);
    }
  }
});

/** `path,conversions,value,nulls,days` */
function inventRows(count: number): string[] {
  const chance = chanceFrom(11);
  return Array.from({ length: count }, () => {
    const touches = 1 + Math.floor(chance() * 6);
    const path = Array.from({ length: touches }, () => `channel ${Math.floor(chance() * 9)}`);
    const days = path.map(() => (chance() * 60).toFixed(2)).sort((a, b) => Number(b) - Number(a));
    const conversions = chance() < 0.2 ? 0.1 : Math.floor(chance() * 4);
    return [path.join(' > '), conversions, (chance() * 1000).toFixed(2), Math.floor(chance() * 9), days.join(' > ')].join(',');
  });
}
