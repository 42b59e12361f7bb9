import { TIERS } from '../../definitions/core/common.ts';
import { count } from '../../kernel/markdown.ts';
import type { Backtest, IcpAnalysis, TierResult } from './analysis.ts';
import { percent, range, whole } from './report-format.ts';
import { box, line, svg, text, told } from './svg.ts';

const WIDTH = 620;
const CELL = 110;
const LEFT = 130;
const TOP = 96;

/** Who moves tier from the rubric in force to the new one; without one in force, how often each tier of the new one was won. */
export function tierPlot({ backtest }: IcpAnalysis): string {
  if (backtest === null) {
    const words = 'Nothing to draw: without a backtest no deal has a tier that it was not made from.';
    return svg({ width: WIDTH, height: 90, title: 'Tiers', description: words, parts: [text(16, 60, words, 'ink')] });
  }
  return backtest.migration.length > 0 ? migration(backtest) : rates(backtest.tiers.filter(({ rubric }) => rubric === 'new'));
}

function migration({ migration: moves, tested }: Backtest): string {
  const found = (from: string, to: string) => moves.find((move) => move.from === from && move.to === to) ?? { n: 0, won: 0 };
  const cells = TIERS.flatMap((from) => TIERS.map((to) => ({ from, to, ...found(from, to) })));
  const most = Math.max(1, ...cells.map(({ n }) => n));
  const words = ({ from, to, n, won }: (typeof cells)[number]) =>
    `${from} to ${to}: ${count(n, 'deal')}${n === 0 ? '' : `, ${percent(won / n)} won`}`;
  const parts = [
    text(16, 48, `${whole(tested.rows)} later deals: the tier now (down) and by the new rubric (across).`, 'soft'),
    ...TIERS.flatMap((tier, i) => [
      text(LEFT + i * CELL + CELL / 2, TOP - 10, `new ${tier}`, 'ink', 'middle'),
      text(LEFT - 12, TOP + i * CELL + CELL / 2 + 4, `now ${tier}`, 'ink', 'end'),
    ]),
    ...cells.map((cell, i) => {
      const [x, y] = [LEFT + (i % 3) * CELL, TOP + Math.floor(i / 3) * CELL];
      const style = cell.from === cell.to ? 'even' : cell.from < cell.to ? 'down' : 'up';
      return told(words(cell), [
        box(x + 2, y + 2, CELL - 4, CELL - 4, style, cell.n === 0 ? 0.04 : 0.08 + (0.3 * cell.n) / most),
        text(x + CELL / 2, y + CELL / 2, whole(cell.n), 'ink head', 'middle'),
        text(x + CELL / 2, y + CELL / 2 + 20, cell.n === 0 ? 'none' : `${percent(cell.won / cell.n)} won`, 'soft small', 'middle'),
      ]);
    }),
  ];
  return svg({ width: WIDTH, height: TOP + 3 * CELL + 20, title: 'Who moves tier', description: `${cells.map(words).join('. ')}.`, parts });
}

/** Bars with the interval of each. */
function rates(tiers: readonly TierResult[]): string {
  const [left, top, row, width] = [110, 76, 46, 380];
  const most = Math.max(0.05, ...tiers.map(({ high }) => high ?? 0));
  const x = (share: number) => left + (width * share) / most;
  const words = ({ tier, n, rate, low, high }: TierResult) =>
    `Tier ${tier}: ${rate === null ? 'no deals' : `${percent(rate)} of ${count(n, 'deal')} won (${range(low, high, percent)})`}`;
  const parts = [
    text(16, 48, 'Later deals by the tier that the new rubric gives them, with 95 % intervals.', 'soft'),
    ...tiers.map((one, i) => {
      const y = top + i * row;
      const bar = one.rate === null ? [] : [box(x(0), y, x(one.rate) - x(0), 24, 'field', 0.35)];
      const whisker = one.low === null || one.high === null ? [] : [line(x(one.low), y + 12, x(one.high), y + 12, 'even', 2)];
      const figure = one.rate === null ? 'no deals' : `${percent(one.rate)} of ${whole(one.n)}`;
      return told(words(one), [
        text(left - 12, y + 17, `Tier ${one.tier}`, 'ink', 'end'),
        ...bar,
        ...whisker,
        text(x(one.high ?? 0) + 10, y + 17, figure, 'soft small'),
      ]);
    }),
  ];
  return svg({
    width: WIDTH,
    height: top + tiers.length * row + 10,
    title: 'Win rate by tier',
    description: `${tiers.map(words).join('. ')}.`,
    parts,
  });
}
