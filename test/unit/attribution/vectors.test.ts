import { describe, expect, it } from 'vitest';
import { creditOf, type Path, type PathwiseModel } from '../../../src/attribution/core/credit.ts';
import { markovCredits } from '../../../src/attribution/core/markov.ts';
import { shapleyValues } from '../../../src/attribution/core/shapley.ts';
import { creditsOf, markovOf, rowsOf, sharedVectors } from '../../support/attribution-vectors.ts';
import { fileCredits } from '../../support/file-credits.ts';

const DAY = 86_400_000;
const vectors = sharedVectors();
const weighted = (weights: Record<string, number>): PathwiseModel => ({ type: 'weighted', weights });
const MODELS: Readonly<Record<string, PathwiseModel>> = {
  first: weighted({ first_touch: 100 }),
  last: weighted({ last_touch: 100 }),
  last_non_direct: { type: 'last_non_direct' },
  last_non_A: { type: 'last_non_direct' },
  linear: { type: 'linear' },
  position_40_20_40: weighted({ first_touch: 40, last_touch: 40, others: 20 }),
  position: weighted({ first_touch: 40, last_touch: 40, others: 20 }),
  u_shaped_marketo_measure_50_50: weighted({ first_touch: 50, lead_created: 50 }),
  w_shaped_30_30_30_10: weighted({ first_touch: 30, lead_created: 30, opportunity_created: 30, others: 10 }),
  w_shaped_no_middle: weighted({ first_touch: 30, lead_created: 30, opportunity_created: 30, others: 10 }),
  'full_path_22.5x4_10': weighted({ first_touch: 22.5, lead_created: 22.5, opportunity_created: 22.5, closed_won: 22.5, others: 10 }),
  time_decay_7d_continuous: { type: 'time_decay', half_life_days: 7 },
  // ages that are whole half-lives, where both ways agree
  time_decay_7d_stepwise_MAM: { type: 'time_decay', half_life_days: 7 },
};
const NAMED: Readonly<Record<string, keyof Path['milestones']>> = { LC: 'lead_created', OC: 'opportunity_created', CW: 'closed_won' };

function pathOf(text: string | undefined, direct: string, daysBefore?: readonly number[], milestones = ''): Path {
  const channels = text?.split(' > ') ?? (daysBefore ?? []).map((_, i) => `t${i}`);
  const found: Path['milestones'] = {};
  for (const part of milestones.split(', ').filter((one) => one !== '')) {
    const names = part.split('=');
    const at = channels.indexOf(names.pop() ?? '');
    for (const name of names) if (NAMED[name] !== undefined) found[NAMED[name]] = at;
  }
  const touches = channels.map((channel, i) => ({
    channel,
    at: -(daysBefore?.[i] ?? channels.length - i) * DAY,
    direct: channel === direct,
  }));
  return { touches, milestones: found, convertedAt: 0 };
}

const modelOf = (name: string) => {
  const model = MODELS[name];
  if (model === undefined) throw new Error(`the vectors ask for a model that this test does not know: ${name}`);
  return model;
};

function creditNumbers(model: PathwiseModel, path: Path): number[] {
  const { parts, whole } = creditOf(model, path);
  return parts.map((part) => Number(part) / Number(whole));
}

const close = (found: number | undefined, expected: number) => expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThan(1e-9);

describe.skipIf(vectors === undefined)('the shared vectors', () => {
  it('of single paths come out', () => {
    for (const { model, path, credit, days_before, milestones } of vectors?.single_path ?? []) {
      const found = creditNumbers(modelOf(model), pathOf(path, 'Direct', days_before, milestones));
      expect(found).toHaveLength(credit.length);
      for (const [i, expected] of credit.entries()) close(found[i], expected);
    }
  });

  it('of the example with an amount come out', () => {
    const example = vectors?.snowplow_rules.example;
    if (example === undefined) throw new Error('no example');
    for (const name of ['first', 'last', 'linear', 'position'] as const)
      for (const [i, part] of creditNumbers(modelOf(name), pathOf(example.path, 'Direct')).entries())
        close(part * example.revenue, example[name][i] as number);
  });

  it('of many paths come out', () => {
    let checked = 0;
    for (const one of Object.values(vectors?.aggregate ?? {})) {
      if (one.rows === undefined) continue;
      const paths = rowsOf.parse(one.rows).map(([text, conversions, nulls = 0]) => ({ path: text.split(' > '), conversions, nulls }));
      for (const [name, expected] of Object.entries(one)) {
        if (name === 'rows' || name === 'source') continue;
        const found = new Map<string, number>();
        if (name === 'markov_order1') {
          const effects = markovOf.parse((expected as { out?: unknown }).out ?? expected);
          for (const { channel, removalEffect, credit } of markovCredits(paths, 1)) {
            close(removalEffect, effects[channel]?.re ?? Number.NaN);
            close(credit, effects[channel]?.conv ?? Number.NaN);
          }
          checked += 1;
          continue;
        }
        if (name.includes('shapley')) {
          const model = name === 'mam_shapley_conv_rate' ? 'shapley_conversion_rate' : 'shapley';
          for (const { channel, credit } of fileCredits(paths, model)) found.set(channel, credit);
        } else {
          for (const { path, conversions } of paths) {
            const parts = creditNumbers(modelOf(name), pathOf(path.join(' > '), name === 'last_non_A' ? 'A' : 'direct'));
            for (const [i, channel] of path.entries()) found.set(channel, (found.get(channel) ?? 0) + conversions * (parts[i] as number));
          }
        }
        const { note: _, ...credits } = expected as Record<string, unknown>;
        for (const [channel, credit] of Object.entries(creditsOf.parse(credits))) close(found.get(channel), credit);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThanOrEqual(15);
  });

  it('of a game given by its worths come out', () => {
    const game = vectors?.aggregate.dp6_readme_shapley;
    const worths = creditsOf.parse(game?.v);
    const values = shapleyValues(3, (members) => worths[[...'OFD'].filter((_, i) => (members & (1 << i)) !== 0).join('')] ?? Number.NaN);
    for (const [i, player] of [...'OFD'].entries()) close(values[i], creditsOf.parse(game?.shapley)[player] ?? Number.NaN);
  });
});
