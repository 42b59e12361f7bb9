import type { Rubric } from '../../definitions/core/rubric.ts';
import type { HeatCounts } from '../../scoring/core/heat-counts.ts';
import { type HeatTest, heatTests, meetsAll } from './heat-tests.ts';

type Heat = 'hot' | 'warm' | 'cold';

/** One scoring of the account. */
export interface Standing {
  asOf: string;
  heat: Heat;
  score: number;
  tier: string;
  counts: HeatCounts;
  /** Points by criterion id, of the criteria for accounts. */
  points: ReadonlyMap<string, number>;
  /** Ids of the criteria that could not be decided. */
  undecided: ReadonlySet<string>;
  /** Ids of the disqualifiers that hold. */
  disqualifiedBy: readonly string[];
}

export interface ActNowSignal {
  label: string;
  ageDays: number;
  withinDays: number;
}

/*
 * Sentences of the rubric's own words and of numbers alone. Names and values of records are outside text and never stand
 * in them.
 */

/** Why the account is as hot as it is. */
export function whySentences(rubric: Rubric, now: Standing, signals: readonly ActNowSignal[]): string[] {
  const tests = heatTests(rubric.heat, now.counts);
  return [
    reason(rubric, now, tests),
    ...tests.flatMap((test) => testSentence(test, now.counts, rubric)),
    ...signals.map(signalSentence),
    scoreSentence(rubric, now),
  ];
}

function reason(rubric: Rubric, now: Standing, tests: readonly HeatTest[]): string {
  if (now.disqualifiedBy.length > 0) {
    const rules = (rubric.disqualify ?? []).filter((rule) => now.disqualifiedBy.includes(rule.id));
    return `It is cold because it is disqualified: ${rules.map((rule) => `${rule.label ?? rule.id} (${rule.reason})`).join(', ')}.`;
  }
  if (now.heat === 'hot' && meetsAll(tests, 'hot')) return 'It is hot because it meets every test for hot.';
  if (now.heat === 'hot') return 'It is hot because it meets every test for warm and a signal says to act now.';
  if (now.heat === 'warm' && meetsAll(tests, 'warm'))
    return `It is warm because it meets every test for warm; for hot it lacks ${lacking(tests, 'hot')}.`;
  if (now.heat === 'warm') return `It is warm because a signal says to act now; without it, it would lack ${lacking(tests, 'warm')}.`;
  return `It is cold because for warm it lacks ${lacking(tests, 'warm')}.`;
}

const NOUNS = { points: 'engagement points', people: 'engaged people', momentum_percent: 'momentum' };

function lacking(tests: readonly HeatTest[], level: 'hot' | 'warm'): string {
  const missed = tests.filter((test) => test[level]?.met === false).map((test) => NOUNS[test.test]);
  return missed.length > 1 ? `${missed.slice(0, -1).join(', ')} and ${missed.at(-1)}` : (missed[0] ?? 'nothing');
}

function testSentence(test: HeatTest, counts: HeatCounts, rubric: Rubric): string[] {
  const unit = test.test === 'momentum_percent' ? ' %' : '';
  const asked = (['hot', 'warm'] as const).flatMap((level) => {
    const threshold = test[level];
    // a test that every account passes says nothing
    return threshold === null || (threshold.needs === 0 && threshold.met) ? [] : [`${level} ${threshold.needs}${unit}`];
  });
  const takes = asked.length === 0 ? '' : ` (needed: ${asked.join(', ')})`;
  switch (test.test) {
    case 'points':
      return [`Engagement earns ${amount(counts.depth, 'point')}${takes}.`];
    case 'people':
      return [
        `${amount(counts.people, 'known person', 'known people')} engaged in the last ${rubric.heat.people_days ?? 28} days${takes}.`,
      ];
    case 'momentum_percent': {
      const weeks = `${amount(counts.thisWeek, 'event')} this week and ${counts.weeksBefore || 'none'} in the three weeks before`;
      return [`${weeks}${test.value === null ? '' : `: ${test.value} % of their weekly mean`}${takes}.`];
    }
  }
}

function signalSentence(signal: ActNowSignal): string {
  return `Act now: ${signal.label}, ${ago(signal.ageDays)}; it counts for ${amount(signal.withinDays, 'day')}.`;
}

function scoreSentence(rubric: Rubric, now: Standing): string {
  const best = rubric.criteria
    .map((criterion) => ({ label: criterion.label ?? criterion.id, points: now.points.get(criterion.id) ?? 0 }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, 3);
  const most = best.map(({ label, points }) => `${label} ${points}`).join(', ');
  return `Its score is ${now.score} of ${rubric.max ?? 100} (${tierText(now.tier)})${most === '' ? '' : `; most of it: ${most}`}.`;
}

/** What is different from the standing of a week before. */
export function changeSentences(rubric: Rubric, now: Standing, before: Standing): string[] {
  const sentences: string[] = [];
  const found: string[] = [];
  const lost: string[] = [];
  if (now.heat !== before.heat) sentences.push(`It was ${before.heat} on ${before.asOf} and is ${now.heat} on ${now.asOf}.`);
  if (now.tier !== before.tier) sentences.push(`It was ${tierText(before.tier)} and is ${tierText(now.tier)}.`);
  if (now.score !== before.score) sentences.push(`The score went from ${before.score} to ${now.score}.`);
  for (const criterion of rubric.criteria) {
    const change = (now.points.get(criterion.id) ?? 0) - (before.points.get(criterion.id) ?? 0);
    const label = criterion.label ?? criterion.id;
    const was = before.undecided.has(criterion.id);
    const is = now.undecided.has(criterion.id);
    const known = was === is ? '' : is ? ', now unknown' : ', unknown before';
    if (change !== 0) sentences.push(`${label}: ${signed(change)}${known}.`);
    else if (was !== is) (is ? lost : found).push(label);
  }
  if (found.length > 0) sentences.push(`Known since then, without a change of points: ${found.join(', ')}.`);
  if (lost.length > 0) sentences.push(`Unknown since then, without a change of points: ${lost.join(', ')}.`);
  for (const rule of rubric.disqualify ?? []) {
    const is = now.disqualifiedBy.includes(rule.id);
    if (is !== before.disqualifiedBy.includes(rule.id))
      sentences.push(`${rule.label ?? rule.id} ${is ? 'now disqualifies it' : 'no longer disqualifies it'}.`);
  }
  const counts: [string, number, number][] = [
    ['Events in the last 7 days', before.counts.thisWeek, now.counts.thisWeek],
    [`Known people engaged in ${rubric.heat.people_days ?? 28} days`, before.counts.people, now.counts.people],
  ];
  for (const [label, was, is] of counts) if (was !== is) sentences.push(`${label}: ${is}, from ${was}.`);
  if (now.counts.actNow !== before.counts.actNow)
    sentences.push(now.counts.actNow ? 'A signal now says to act.' : 'No signal says to act any longer.');
  return sentences.length === 0 ? [`Nothing that the rubric looks at has changed since ${before.asOf}.`] : sentences;
}

export interface UnknownOutcome {
  label: string;
  best: { score: number; tier: string };
  worst: { score: number; tier: string };
}

/** What one unknown field could do to the score, if it alone became known. */
export function unknownSentence({ label, best, worst }: UnknownOutcome): string {
  const points = best.score === worst.score ? `the score would be ${best.score}` : `the score would be ${worst.score} to ${best.score}`;
  return `${label} is unknown: with it, ${points}, ${tierSpan(worst.tier, best.tier)}.`;
}

function tierSpan(worst: string, best: string): string {
  if (worst === best) return tierText(best);
  return worst === 'disqualified' ? `${tierText(best)} or ${worst}` : `tier ${worst} to ${best}`;
}

function tierText(tier: string): string {
  return tier === 'disqualified' ? tier : `tier ${tier}`;
}

function amount(n: number, singular: string, plural = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}

function ago(days: number): string {
  return days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
}

function signed(points: number): string {
  return `${points > 0 ? '+' : points < 0 ? '−' : '±'}${amount(Math.abs(points), 'point')}`;
}
