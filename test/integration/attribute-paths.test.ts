import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attributePaths } from '../../src/attribution/attribute-paths.ts';
import { markovCredits } from '../../src/attribution/core/markov.ts';
import { register } from '../../src/cli/attribute.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { type Context, NO_PROGRESS } from '../../src/kernel/context.ts';
import { creditsOf, useAttributedFiles } from '../support/attributed-files.ts';
import { sharedAttribution } from '../support/attribution-vectors.ts';
import { runCommand } from '../support/run-command.ts';

const { path, attribute } = useAttributedFiles();

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

  it('gives the same report and file, byte for byte, in any order of its rows', async () => {
    const rows = inventRows(400);
    const run = async (lines: readonly string[], out: string) => {
      const report = await attribute(['path,conversions,value,nulls,days', ...lines].join('\n'), { order: 2, out: path(out) });
      return JSON.stringify(report) + (await readFile(path(out), 'utf8'));
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

  it('has the Shapley values of rates left out where sets are too large', async () => {
    const path = Array.from({ length: 17 }, (_, i) => `c${i}`).join(' > ');
    const report = await attribute(`path,conversions\n${path},1`, { model: ['shapley_conversion_rate', 'linear'] });
    expect(report.left_out).toEqual([{ model: 'shapley_conversion_rate', why: expect.stringContaining('17 different channels') }]);
    expect(report.models).toHaveLength(1);
  });

  it('is shown as tables whose figures sum to their totals', async () => {
    const paths = path('shown.csv');
    const out = path('credits.csv');
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

  it('sums to the cent, and is shown on one line each, of amounts of any width', async () => {
    const paths = path('wide.csv');
    await writeFile(paths, 'path,conversions,value\nA > B > C,205236067797,19831339113063.94\nB,1,0.07\n');
    const report = await attributePaths({ progress: NO_PROGRESS, signal: new AbortController().signal }, { paths });
    for (const { model, credits } of report.models) {
      const cents = credits.reduce((sum, { value = 0 }) => sum + BigInt(value.toFixed(2).replace('.', '')), 0n);
      expect([model, cents]).toEqual([model, 1_983_133_911_306_401n]);
    }
    const { out } = await runCommand([register], {} as Context, ['attribute', '--paths', paths]);
    expect(out.match(/ 19,831,339,113,064\.01(?= |$)/gm)).toHaveLength(report.models.length);
  });

  it('is written so that a spreadsheet takes no channel for a formula', async () => {
    const [paths, out] = [path('formula.data'), path('formula-credits.csv')];
    await writeFile(paths, 'path,conversions\n=1+1 > -2,1\n@x,1\nplain,1\n');
    await runCommand([register], {} as Context, ['attribute', '--paths', paths, '--model', 'linear', '--out', out]);
    const channels = (await readFile(out, 'utf8')).trim().split('\n').slice(1);
    expect(channels).toEqual(["'-2,0.5", "'=1+1,0.5", "'@x,1", 'plain,1']);
  });

  it.each(['', 'none/credits.csv', 'report.txt/credits.csv'])('is refused before it is read where %j cannot be written', async (out) => {
    await writeFile(path('report.txt'), '');
    const run = { progress: NO_PROGRESS, signal: new AbortController().signal };
    await expect(attributePaths(run, { paths: path('never-read.csv'), out: path(out) })).rejects.toThrow(/is a folder|cannot be written/);
  });

  it('can be cancelled', async () => {
    const paths = path('cancelled.csv');
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
