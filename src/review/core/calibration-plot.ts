import { count } from '../../kernel/markdown.ts';
import type { CalibrationBin, IcpAnalysis } from './analysis.ts';
import { percent, whole } from './report-format.ts';
import { circle, line, svg, text, told } from './svg.ts';

const SIDE = 360;
const LEFT = 70;
const TOP = 66;
const WIDTH = 520;
const STEPS = 5;

/** What was predicted against what came, by tenths of the deals that the rubric had not seen. On the line both are the same. */
export function calibrationPlot({ backtest }: IcpAnalysis): string {
  const title = 'Calibration';
  const bins = backtest?.calibration ?? [];
  if (bins.length === 0) {
    const words = 'Nothing to draw: without a backtest there is no forecast to compare.';
    return svg({ width: WIDTH, height: 90, title, description: words, parts: [text(16, 60, words, 'ink')] });
  }
  const most = Math.max(...bins.flatMap(({ predicted, rate }) => [predicted, rate]));
  const limit = Math.min(1, Math.max(0.05, Math.ceil(most * 20) / 20));
  const [x, y] = [(share: number) => LEFT + (SIDE * share) / limit, (share: number) => TOP + SIDE - (SIDE * share) / limit];
  const ticks = Array.from({ length: STEPS + 1 }, (_, i) => (limit * i) / STEPS);
  const parts = [
    text(16, 48, 'Later deals in groups by what the earlier ones predicted.', 'soft'),
    ...ticks.flatMap((tick) => [
      line(x(tick), TOP, x(tick), TOP + SIDE, 'rule'),
      line(LEFT, y(tick), LEFT + SIDE, y(tick), 'rule'),
      text(x(tick), TOP + SIDE + 18, percent(tick), 'soft small', 'middle'),
      text(LEFT - 8, y(tick) + 4, percent(tick), 'soft small', 'end'),
    ]),
    line(x(0), y(0), x(limit), y(limit), 'base', 1.5),
    text(LEFT + SIDE / 2, TOP + SIDE + 40, 'predicted win rate', 'ink', 'middle'),
    text(LEFT + SIDE + 10, TOP + 12, 'seen', 'ink'),
    ...bins.map((bin) => told(words(bin), [circle(x(bin.predicted), y(bin.rate), 5, 'field')])),
  ];
  return svg({ width: WIDTH, height: TOP + SIDE + 56, title, description: `${bins.map(words).join('. ')}.`, parts });
}

function words({ n, won, predicted, rate }: CalibrationBin): string {
  return `${percent(predicted)} predicted, ${percent(rate)} seen (${whole(won)} of ${count(n, 'deal')})`;
}
