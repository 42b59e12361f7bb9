import { describe, expect, it } from 'vitest';
import { SamepageError } from '../../src/kernel/errors.ts';
import { creditsOf, type GivenPaths, useAttributedFiles } from '../support/attributed-files.ts';

const { attribute } = useAttributedFiles();

async function failure(text: string, given: GivenPaths = {}): Promise<SamepageError> {
  const error = await attribute(text, given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SamepageError)) throw new Error(`no SamepageError, but ${String(error)}`);
  return error;
}

describe('a file of paths', () => {
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

  it.each<[string, string, GivenPaths, Record<string, Record<string, number>>]>([
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
      'the headers of other exports',
      'Default channel group path,Key events,Purchase revenue (USD)\nA > B,2,10',
      { model: ['linear'] },
      { linear: { A: 1, B: 1 } },
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

  it.each<[string, string, GivenPaths, RegExp]>([
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

  it('with one touch a row is told what to make of it', async () => {
    const { message, next } = await failure(
      'cookie,time,interaction,conversion,conversion_value,channel\nx,2018-07-03T13:02:11Z,impression,0,0,Email',
    );
    expect(message).toContain('Each row seems to be one touch');
    expect(next).toContain('for each "cookie" its "channel" in the order of "time"');
  });

  it('takes no share for a count', async () => {
    const { refused, totals } = await attribute('path,conversions,value\nA,3,1\nB,12%,1\nC,1,5 %\n', { model: ['linear'] });
    expect(refused.problems.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'line 3, column conversions is a share, and neither a count nor an amount',
      'line 4, column value is a share, and neither a count nor an amount',
    ]);
    expect(totals.conversions).toBe(3);
  });
});
