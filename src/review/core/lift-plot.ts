import { count } from '../../kernel/markdown.ts';
import type { IcpAnalysis, LevelResult } from './analysis.ts';
import { fixed, percent, range, whole } from './report-format.ts';
import { box, circle, cut, line, svg, text, told } from './svg.ts';

const WIDTH = 820;
const LEFT = 300;
const RIGHT = 60;
const TOP = 74;
const ROW = 24;
/** More would not be read; the table has them all. */
const MOST = 24;

/**
 * The lift of each level with enough rows: its win rate over the base rate, with the Wilson interval of the rate over the same. Those furthest
 * from 1 by their evidence, the highest lift first.
 */
export function liftPlot(analysis: IcpAnalysis): string {
  const base = analysis.counts.base_rate;
  const shown = base === null || base === 0 ? [] : strongest(analysis);
  const title = 'Lift by level';
  if (base === null || shown.length === 0) {
    const words = 'Nothing to draw: no level has enough rows of both outcomes to be compared.';
    return svg({ width: WIDTH, height: 90, title, description: words, parts: [text(16, 60, words, 'ink')] });
  }
  const limit = Math.max(2, Math.ceil(Math.max(...shown.map((one) => one.high / base)) * 2) / 2);
  const x = (lift: number) => LEFT + ((WIDTH - LEFT - RIGHT) * lift) / limit;
  const bottom = TOP + shown.length * ROW;
  const ticks = ticksTo(limit);
  const parts = [
    text(16, 48, `Win rate over the base rate of ${percent(base)}, with 95 % intervals; 1 is no difference.`, 'soft'),
    ...ticks.flatMap((tick) => [
      line(x(tick), TOP - 6, x(tick), bottom, 'rule'),
      text(x(tick), bottom + 18, `${fixed(tick, 1)}×`, 'soft small', 'middle'),
    ]),
    line(x(1), TOP - 6, x(1), bottom, 'base', 1.5),
    ...shown.flatMap((one, place) => mark(one, base, TOP + place * ROW + ROW / 2, x)),
  ];
  const description = `${count(shown.length, 'level')} of ${whole(analysis.tested.levels)} compared. ${shown.map((one) => words(one, base)).join('. ')}.`;
  return svg({ width: WIDTH, height: bottom + 34, title, description, parts });
}

function strongest({ levels }: IcpAnalysis): LevelResult[] {
  const rank = (one: LevelResult) => one.p ?? 1;
  return levels
    .map((one, place) => ({ one, place }))
    .filter(({ one }) => one.support === 'enough' && one.lift !== null)
    .sort((a, b) => rank(a.one) - rank(b.one) || a.place - b.place)
    .slice(0, MOST)
    .sort((a, b) => b.one.rate - a.one.rate || a.place - b.place)
    .map(({ one }) => one);
}

function mark(one: LevelResult, base: number, y: number, x: (lift: number) => number): string[] {
  const style = one.low > base ? 'up' : one.high < base ? 'down' : 'even';
  const lift = one.rate / base;
  return [
    told(words(one, base), [
      box(0, y - ROW / 2, WIDTH, ROW, 'ground', 0),
      text(LEFT - 12, y + 4, cut(`${one.field_label}: ${one.bin.label}`, 42), 'ink', 'end'),
      line(x(one.low / base), y, x(one.high / base), y, style, 2),
      circle(x(lift), y, 4, style),
      text(WIDTH - RIGHT + 8, y + 4, whole(one.n), 'soft small'),
    ]),
  ];
}

function words(one: LevelResult, base: number): string {
  return `${one.field_label}: ${one.bin.label}, ${whole(one.won)} of ${whole(one.n)} won, lift ${fixed(one.rate / base, 2)} (${range(one.low / base, one.high / base, (lift) => fixed(lift, 2))})`;
}

/** Steps of an axis from 0, six at most. */
function ticksTo(limit: number): number[] {
  const step = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => limit / one <= 6) ?? 10 ** Math.ceil(Math.log10(limit / 6));
  return Array.from({ length: Math.floor(limit / step) + 1 }, (_, i) => i * step);
}
