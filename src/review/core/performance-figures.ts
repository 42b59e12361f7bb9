import { type Figure, figureKey } from './figures.ts';
import type { Performance } from './performance.ts';
import type { Quantiles, Rate } from './performance-statistics.ts';
import { amountFigure, bounds, pipelineFigures } from './pipeline-figures.ts';

/** The figures of a month by stable keys: what is published, and what a later run is held against. */
export function performanceFigures(review: Performance): Figure[] {
  const { pipeline, funnel, stages, velocity, won, speed, coverage, tiers, scored, rejections } = review;
  return [
    ...pipeline.flatMap(pipelineFigures),
    ...funnel.flatMap(({ from, to, within_days, cohort, snapshot }) => [
      rateFigure(figureKey('funnel', from, to, 'cohort'), `${from} to ${to} within ${within_days} days, of those who entered`, cohort.this),
      {
        ...rateFigure(figureKey('funnel', from, to, 'snapshot'), `Entries to ${to} against entries to ${from}`, {
          ...snapshot.this,
          of: snapshot.this.entered,
        }),
      },
    ]),
    ...stages.flatMap(({ of, stage, unit, this: now }) =>
      timeFigures(figureKey('stage', of, stage), `${of === 'course' ? 'Opened to ' : 'Time in '}${stage}`, unit, now),
    ),
    ...velocity.map(
      ({ currency, per_day, low, high, n }): Figure => ({
        ...amountFigure(figureKey('velocity', currency), 'Sales velocity, a day', currency, per_day),
        n,
        ...bounds(low, high),
      }),
    ),
    rateFigure('win_rate.month', 'Win rate of the month', won.this),
    rateFigure('win_rate.year', 'Win rate of twelve months', won.year),
    ...won.by_tier.map(({ tier, year }) =>
      rateFigure(figureKey('win_rate', 'year', 'tier', tier), `Win rate of twelve months, tier ${tier ?? 'unknown'}`, year),
    ),
    rateFigure('wins.outside_a', 'Won deals outside tier A', won.outside_a.this),
    rateFigure('speed.within_hour', 'Touched within an hour', speed.within_hour.this),
    ...speed.bands.map(({ band, accepted }) => rateFigure(figureKey('speed', 'accepted', band), `Accepted, first touch ${band}`, accepted)),
    ...coverage.roles.flatMap(({ role, ...states }) =>
      (['open', 'won', 'lost'] as const).map((state) =>
        rateFigure(figureKey('coverage', state, 'role', role), `${state} deals with ${role.replaceAll('_', ' ')}`, states[state]),
      ),
    ),
    ...(['open', 'won', 'lost'] as const).map((state) =>
      rateFigure(`coverage.${state}.all`, `${state} deals with all required roles`, coverage.complete[state]),
    ),
    ...tiers.shares.map(({ tier, this: now }) =>
      rateFigure(figureKey('tiers', 'share', tier), `Hand-offs of tier ${tier ?? 'unknown'}`, now),
    ),
    { key: 'tiers.index', label: 'Stability index of tiers', value: tiers.index, unit: 'points' },
    ...scoredFigures(scored),
    rateFigure('rejections', 'Rejected, of those decided on', rejections.this),
    ...rejections.by_source.map(({ source, this: now }) =>
      rateFigure(figureKey('rejections', 'source', source), `Rejected, source ${source ?? 'unknown'}`, now),
    ),
    ...rejections.by_tier.map(({ tier, this: now }) =>
      rateFigure(figureKey('rejections', 'tier', tier), `Rejected, tier ${tier ?? 'unknown'}`, now),
    ),
  ];
}

function rateFigure(key: string, label: string, { percent, of, low, high }: Pick<Rate, 'percent' | 'of' | 'low' | 'high'>): Figure {
  return { key, label, value: percent, unit: 'percent', n: of, ...bounds(low, high) };
}

/** The numbers of records are there whether any is scored or not: by them a month is known in which they were counted. */
function scoredFigures({ kinds }: Performance['scored']): Figure[] {
  return (['account', 'lead'] as const).flatMap((kind): Figure[] => {
    const own = kinds.find((one) => one.kind === kind);
    const key = (...parts: string[]) => figureKey('scored', kind, ...parts);
    const n = own?.shares[0]?.this.of ?? 0;
    const all: Figure = { key: key('count'), label: `Scored ${kind}s`, value: n, unit: 'count' };
    if (own === undefined) return [all];
    return [
      all,
      ...own.shares.map(({ tier, this: now }) =>
        rateFigure(key('share', tier), `Scored ${kind}s ${tier === 'disqualified' ? tier : `of tier ${tier}`}`, now),
      ),
      { key: key('moved'), label: `Scored ${kind}s that moved to another tier`, value: own.moved, unit: 'count' },
      { key: key('index'), label: `Stability index of the tiers of scored ${kind}s`, value: own.index, unit: 'points' },
    ];
  });
}

function timeFigures(key: string, label: string, unit: 'hours' | 'days', { n, median, low, high, p90 }: Quantiles): Figure[] {
  return [
    { key: `${key}.median`, label: `${label}, median`, value: median, unit, n, ...bounds(low, high) },
    { key: `${key}.p90`, label: `${label}, p90`, value: p90, unit, n },
  ];
}
