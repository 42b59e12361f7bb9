import type { Icp } from '../../definitions/core/icp.ts';
import { heatTypes, type Rubric } from '../../definitions/core/rubric.ts';
import type { WatchedEvent } from './outcome-fields.ts';

/** More criteria than a rubric may have would not fit the mask of unknown ones. */
const MOST_TESTS = 50;

/** What one statement answers beside a score: which criterion of `rubric` stands for which segment and event. */
interface StandingRubric {
  rubric: Rubric;
  /** Segments in their order, each by its place among the criteria; none where the rubric has no room for them. */
  segments: { id: string; at: number }[];
  events: { watched: WatchedEvent; at: number }[];
}

/** The most that a count of events tells. */
const MOST_EVENTS = 1000;
const GROUP = 'not_scored';

/**
 * The rubric with a criterion for each segment of the ICP and each event that is watched, in a group that adds nothing: so that the statement
 * that scores deals tells as well, from the very same logs, in which segment they were and what had happened by then.
 */
export function standingRubric(rubric: Rubric, icp: Icp, watched: readonly WatchedEvent[]): StandingRubric {
  const own = rubric.criteria.length;
  const segments = own + icp.segments.length <= MOST_TESTS ? icp.segments : [];
  const counted = watched.map(
    ({ meaning }): Pick<Rubric['criteria'][number], 'events' | 'signal' | 'points'> =>
      meaning.kind === 'signal'
        ? { signal: { type: meaning.type, within_days: meaning.withinDays }, points: 1 }
        : { events: { types: [meaning.type], window_days: meaning.windowDays, points: 1, cap: MOST_EVENTS } },
  );
  const added = [...segments.map(({ when }) => ({ when, points: 1 })), ...counted];
  return {
    rubric: {
      ...rubric,
      groups: { ...rubric.groups, [GROUP]: { cap: 0 } },
      criteria: [...rubric.criteria, ...added.map((one, i) => ({ id: `standing_${i}`, group: GROUP, for: 'account' as const, ...one }))],
      heat: { ...rubric.heat, types: heatTypes(rubric) },
    },
    segments: segments.map(({ id }, i) => ({ id, at: own + i })),
    events: watched.map((one, i) => ({ watched: one, at: own + segments.length + i })),
  };
}
