import type { Rubric } from '../../definitions/core/rubric.ts';
import type { HeatCounts } from '../../scoring/core/heat-counts.ts';

export interface Threshold {
  needs: number;
  met: boolean;
}

/** One of the three things that heat looks at, against what hot and warm ask of it; null where they ask nothing. */
export interface HeatTest {
  test: 'points' | 'people' | 'momentum_percent';
  /** Null for momentum without an earlier week to compare with. */
  value: number | null;
  hot: Threshold | null;
  warm: Threshold | null;
}

type Level = Rubric['heat']['hot'];

/** The counts laid beside the rubric's thresholds. The heat itself is the scoring statement's: this only shows why. */
export function heatTests(heat: Rubric['heat'], counts: HeatCounts): HeatTest[] {
  const { depth, people, thisWeek, weeksBefore } = counts;
  // this week × 3 × 100 against the three weeks before, in whole numbers as the rubric has it
  const keepsPace = (percent: number) => thisWeek > 0 && thisWeek * 300 >= percent * weeksBefore;
  const row = (
    test: HeatTest['test'],
    value: number | null,
    met: (needs: number) => boolean,
    needs: (level: Level) => number | undefined,
  ) => {
    const threshold = (level: Level): Threshold | null => {
      const needed = needs(level);
      return needed === undefined ? null : { needs: needed, met: met(needed) };
    };
    return { test, value, hot: threshold(heat.hot), warm: threshold(heat.warm) };
  };
  return [
    // left out, points and people ask for 0, and the points of engagement can be below it
    row(
      'points',
      depth,
      (needs) => depth >= needs,
      (level) => level.points ?? 0,
    ),
    row(
      'people',
      people,
      (needs) => people >= needs,
      (level) => level.people,
    ),
    row(
      'momentum_percent',
      weeksBefore === 0 ? null : Math.floor((thisWeek * 300) / weeksBefore),
      keepsPace,
      (level) => level.momentum_percent,
    ),
  ];
}

export function meetsAll(tests: readonly HeatTest[], level: 'hot' | 'warm'): boolean {
  return tests.every((test) => test[level]?.met !== false);
}
