import { rounded } from '../../src/attribution/core/credit-sums.ts';
import { DECIMALS, decimalUnits } from '../../src/attribution/core/decimal.ts';
import type { CountedPath } from '../../src/attribution/core/markov.ts';
import { pathModels } from '../../src/attribution/core/path-models.ts';
import { PathTally } from '../../src/attribution/core/path-tally.ts';
import { finished } from '../../src/attribution/core/steps.ts';

/** What a model of `samepage-mcp attribute` credits each channel with, sorted. */
export function fileCredits(paths: readonly CountedPath[], model: 'shapley' | 'shapley_conversion_rate') {
  const models = pathModels({ names: [model], order: 1, halfLifeDays: 7 });
  const tally = new PathTally({ models, order: 1, isDirect: () => false });
  for (const { path, conversions, nulls } of paths)
    if (path.length > 0) tally.add({ channels: path, conversions: decimalUnits(conversions), nulls: decimalUnits(nulls), value: 0n });
  const { channels } = tally;
  const [result] = finished(tally.results(models));
  const credits = result === undefined ? [] : rounded(result.conversions, DECIMALS);
  return channels.map((channel, at) => ({ channel, credit: credits[at] as number }));
}
