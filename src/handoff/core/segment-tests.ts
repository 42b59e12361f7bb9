import { corrected } from '../../kernel/false-discovery.ts';
import { leastTail, type Margins, upperTail } from '../../kernel/fisher.ts';
import { type Interval, rateDifference } from '../../playbook/core/rate-difference.ts';

/**
 * Of the leads of a segment that were accepted or rejected with a code, how many were rejected so; and the same of all other leads. A lead that was
 * rejected with another code tells nothing of this one: counted in, a segment with much of one code would have little of all others.
 */
export interface SegmentCount {
  code: string;
  /** A side of the taxonomy's `compare_by`. */
  side: string;
  /** The value on that side; null: it was not known. */
  segment: string | null;
  decided: number;
  rejected: number;
  rest: { decided: number; rejected: number };
}

/** A segment that was rejected with a code clearly more often than the rest. */
export interface SegmentFinding extends SegmentCount {
  /** Of Fisher's exact test, one side. */
  p: number;
  /** After the correction for all that was compared (Benjamini and Hochberg). */
  q: number;
  /** Share of rejections in the segment less that of the rest, in percentage points, with its 95 % interval by itself. */
  difference: Interval;
}

export interface Comparison {
  findings: SegmentFinding[];
  /** How many comparisons could have told something; the correction counts them. */
  compared: number;
  /** Those left out, for too few leads. */
  too_few: number;
}

/** Of data without any difference, no more than this share leads to a finding; of findings, no more than this share is wrong. */
export const LEVEL = 0.05;
/** Leads decided on, in the segment and outside it. */
export const LEAST_DECIDED = 30;
const LEAST_REJECTED = 5;
/** A difference that is sure and not worth a rule: below so many points, or so many times the rest. */
const LEAST_POINTS = 2;
const LEAST_TIMES = 1.1;

/**
 * The segments that were rejected clearly more often than the rest, surest first. All comparisons count in the correction by Benjamini and
 * Hochberg (1995), but for those whose sizes alone keep them from ever counting (Tarone 1990, Gilbert 2005). Segments overlap, and one lead has a
 * single code: tests that depend on each other so keep the level, which `test/unit/handoff/segment-tests.test.ts` counts on drawn data.
 */
export function rejectedMore(counts: readonly SegmentCount[]): Comparison {
  const large = counts.filter(({ decided, rest }) => decided >= LEAST_DECIDED && rest.decided >= LEAST_DECIDED);
  const telling = thatCanTell(large);
  const chances = telling.map((one) => upperTail(marginsOf(one), one.rejected));
  const qs = corrected(chances);
  const findings = telling.flatMap((one, i): SegmentFinding[] => {
    const [p = 1, q = 1] = [chances[i], qs[i]];
    const difference = rateDifference(shareOf(one), shareOf(one.rest));
    return q <= LEVEL && difference !== null && isWorthwhile(one, difference) ? [{ ...one, p, q, difference }] : [];
  });
  findings.sort((a, b) => a.p - b.p || b.difference.low - a.difference.low);
  return { findings, compared: telling.length, too_few: counts.length - large.length };
}

const marginsOf = ({ decided, rejected, rest }: SegmentCount): Margins => ({
  all: decided + rest.decided,
  marked: rejected + rest.rejected,
  drawn: decided,
});

const shareOf = ({ decided, rejected }: SegmentCount['rest']) => ({ of: decided, hits: rejected });

function isWorthwhile({ decided, rejected, rest }: SegmentCount, { points }: Interval): boolean {
  return rejected >= LEAST_REJECTED && points >= LEAST_POINTS && rejected * rest.decided >= LEAST_TIMES * rest.rejected * decided;
}

/** Those that could be found if they were as extreme as their sizes allow, when only such are compared. */
function thatCanTell(counts: readonly SegmentCount[]): SegmentCount[] {
  const ranked = counts.map((one) => ({ one, least: leastTail(marginsOf(one)) })).sort((a, b) => a.least - b.least);
  // the fewest of which no more can tell at their share of the level
  const few = 1 + ranked.findIndex((_, k) => (ranked[k + 1]?.least ?? 1) > LEVEL / (k + 1));
  return ranked.filter(({ least }) => least <= LEVEL / few).map(({ one }) => one);
}
