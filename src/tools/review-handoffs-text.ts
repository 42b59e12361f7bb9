import type { z } from 'zod';
import { bullets, count, paragraphs, table } from '../kernel/markdown.ts';
import { restatementText } from '../review/core/restatement-text.ts';
import type { reviewOutput } from './review-handoffs-shape.ts';
import { definitionsLine } from './text.ts';

type Review = z.output<typeof reviewOutput>;

/** A review of hand-offs as a page to read in a meeting. */
export function reviewText(review: Review): string {
  const { period, volumes, before, recycled, breaches_total, definitions } = review;
  const { from, to, name } = period;
  return paragraphs(
    `Hand-offs of ${name} (${from} to ${to}): ${count(volumes.handed_off, 'hand-off')} (${before.handed_off} before), ${volumes.accepted} accepted, ${volumes.rejected} rejected, ${volumes.rerouted} sent to another owner; acceptance ${percentText(volumes.acceptance)} (${percentText(before.acceptance)} before). ${volumes.waiting} wait for an owner, ${volumes.overridden} went against the rule.${volumes.merged === 0 ? '' : ` ${count(volumes.merged, 'hand-off')} more gave way to another of the same person.`}`,
    changesText(review),
    table(
      ['source', 'handed off', 'accepted', 'rejected', 'acceptance'],
      review.by_source.map((one) => [one.source, one.handed_off, one.accepted, one.rejected, percentText(one.acceptance)]),
    ),
    review.codes.length > 0 && codesText(review),
    review.segments.length > 0 &&
      `Segments with most rejections:\n${bullets(review.segments.map((one) => `${one.label}: ${one.rejected} of ${one.decided}, most often ${one.code}`))}`,
    table(
      ['owner', 'accepted', 'rejected', 'acceptance'],
      review.by_owner.map((one) => [one.owner, one.accepted, one.rejected, percentText(one.acceptance)]),
    ),
    review.clocks.length > 0 && clocksText(review),
    breaches_total > 0 && breachesText(review),
    review.ageing.length > 0 &&
      `Open now, by days since the hand-off:\n${table(
        ['stage', 'under 1', '1', '3', '7', '14', '30 and more'],
        review.ageing.map(({ stage, open }) => [stage, ...open]),
      )}`,
    review.overrides.length > 0 &&
      `Against the rule:\n${bullets(review.overrides.map((one) => `${one.person ?? one.hand_off}: ${one.reason}; ${one.stage}${one.code === null ? '' : `, ${one.code}`}`))}`,
    `Recycled: ${recycled.sent_back} sent back. ${recycled.again} came again: ${recycled.kept} accepted, ${recycled.rejected} rejected. The day of ${recycled.due} has come.`,
    rulesText(review),
    review.frozen !== null && restatementText(review.frozen),
    definitionsLine(definitions),
  );
}

const percentText = (value: number | null) => (value === null ? '–' : `${value} %`);
const shareText = ({ hits, of }: { hits: number; of: number }) => `${hits} of ${of}`;
const signed = (points: number) => (points > 0 ? `+${points}` : `${points}`);
const intervalText = ({ points, low, high }: Review['changes'][number]['difference']) =>
  `${signed(points)} points (${signed(low)} to ${signed(high)})`;
const minutesText = (minutes: number | null) =>
  minutes === null ? 'not ended' : minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`;

function changesText({ changes }: Review): string {
  if (changes.length === 0) return 'Nothing changed since the period before by more than noise.';
  const lines = changes.map((one) => `${one.what}: ${shareText(one.before)} → ${shareText(one.after)}, ${intervalText(one.difference)}`);
  return `Changed since the period before by more than noise (Fisher’s exact test, corrected for all that was compared, 5 %):\n${bullets(lines)}`;
}

function codesText({ codes }: Review): string {
  const named = (list: readonly { given: number }[], name: (at: number) => string | null) =>
    list.map(({ given }, i) => `${name(i) ?? 'none'} ${given}`).join(', ');
  return table(
    ['code', 'reason', 'who fixes it', 'given', 'before', 'sources', 'owners'],
    codes.map(({ code, reason, fixer, given, before, sources, owners }) => [
      ...[code, reason, fixer, given, before],
      named(sources, (i) => sources[i]?.source ?? null),
      named(owners, (i) => owners[i]?.owner ?? null),
    ]),
  );
}

function clocksText({ clocks }: Review): string {
  const rows = clocks.flatMap(({ by_source, ...whole }) => [
    { label: whole.clock, ...whole },
    ...by_source.map((one) => ({ label: `  ${one.source ?? 'no source'}`, ...one })),
  ]);
  return table(
    ['clock', 'kept', 'breached', 'in time', 'median', 'p90'],
    rows.map((one) => [
      ...[one.label, one.kept, one.breached, percentText(one.attainment)],
      ...[minutesText(one.median_minutes), minutesText(one.p90_minutes)],
    ]),
  );
}

function breachesText({ breaches, breaches_total }: Review): string {
  const lines = breaches.map(
    ({ clock, due, ended, person, owner, hand_off }) =>
      `${clock} of ${person ?? hand_off}, ${owner ?? 'nobody'}: due ${due}, ${ended === null ? 'still owed' : `done ${ended}`}`,
  );
  return `${count(breaches_total, 'promise')} ${breaches_total === 1 ? 'was' : 'were'} not kept; ${breaches.length} of them, the oldest first:\n${bullets(lines)}`;
}

function rulesText({ rules }: Review): string {
  if (rules.length === 0) return 'No segment rule is proposed or in force.';
  const lines = rules.map(({ rule, state, segment, code, action, why, decided, quarter, period }) => {
    const rate = `${decided.segment.rejected} of ${decided.segment.decided} against ${decided.rest.rejected} of ${decided.rest.decided}`;
    const cost = `In a quarter: ${quarter.handed_off} hand-offs, ${quarter.rejected_so} rejected so, ${quarter.accepted} accepted, ${count(quarter.won, 'deal')} won`;
    const now = period === null ? '' : `; in this period ${period.handed_off} hand-offs, ${period.rejected_so} rejected so`;
    return `${state.replaceAll('_', ' ')}: ${action.replaceAll('_', ' ')} ${segment} (${code}): ${rate}, ${intervalText(decided.difference)}, q ${decided.q.toPrecision(2)} of ${decided.compared}. ${cost}${now}.${why === null ? '' : ` ${why}.`} Rule ${rule}`;
  });
  return `Segment rules (decide_segment_rule):\n${bullets(lines)}`;
}
