import type { HandoffReview } from '../handoff/review-handoffs.ts';
import { count } from '../kernel/markdown.ts';
import { quoteOutside } from '../kernel/quote-outside.ts';
import { figuresTable, list, literal, outside, section } from './core/markdown.ts';
import { figureText } from './core/restatement.ts';

/** A review of hand-offs as the parts of a document. */
export function weeklyMarkdown(review: HandoffReview): string {
  return [
    section('Hand-offs', volumesLine(review), changesText(review)),
    section(
      'By source',
      table(
        ['source', ...VOLUMES],
        review.by_source.map((one) => [named(one.source), ...volumeCells(one)]),
      ),
    ),
    section(
      'By owner',
      table(
        ['owner', 'accepted', 'rejected', 'acceptance'],
        review.by_owner.map(({ owner, accepted, rejected, acceptance }) => [named(owner), accepted, rejected, percent(acceptance)]),
      ),
    ),
    section('Rejections', codesTable(review), segmentsText(review)),
    section('Promises', clocksTable(review), breachesText(review)),
    section(
      'Against the rule',
      list(
        review.overrides.map(
          ({ person, hand_off, reason, stage, code }) =>
            `${named(person ?? hand_off)}: ${told(reason)}; ${stage}${code === null ? '' : `, ${code}`}`,
        ),
      ),
    ),
    section('Leads coming back', recycledText(review)),
    section('Segment rules', rulesText(review)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const VOLUMES = ['handed off', 'accepted', 'rejected', 'sent on', 'acceptance'];
const told = (text: string) => quoteOutside(outside(text));
const named = (text: string | null) => (text === null ? 'none' : told(text));
const percent = (value: number | null) => figureText(value, { unit: 'percent' });
const volumeCells = ({ handed_off, accepted, rejected, rerouted, acceptance }: HandoffReview['volumes']) => [
  handed_off,
  accepted,
  rejected,
  rerouted,
  percent(acceptance),
];
const signed = (points: number) => (points > 0 ? `+${points}` : `${points}`);
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  figuresTable(
    head,
    rows.map((cells) => cells.map(String)),
  );

function volumesLine({ volumes, before }: HandoffReview): string {
  return table(
    ['', ...VOLUMES, 'against the rule', 'waiting for an owner', 'merged into another'],
    [
      ['this period', ...volumeCells(volumes), volumes.overridden, volumes.waiting, volumes.merged],
      ['the one before', ...volumeCells(before), before.overridden, before.waiting, before.merged],
    ],
  );
}

function changesText({ changes }: HandoffReview): string {
  if (changes.length === 0) return 'Nothing changed since the period before by more than noise.';
  const lines = changes.map(
    ({ what, before, after, difference: { points, low, high } }) =>
      `${told(what)}: ${before.hits} of ${before.of} → ${after.hits} of ${after.of}, ${signed(points)} points (${signed(low)} to ${signed(high)})`,
  );
  return `Changed since the period before by more than noise (Fisher’s exact test, corrected for all that was compared, 5 %):\n\n${list(lines)}`;
}

function codesTable({ codes }: HandoffReview): string {
  const listed = (list: readonly { given: number }[], name: (at: number) => string | null | undefined) =>
    list.map(({ given }, i) => `${named(name(i) ?? null)} ${given}`).join(', ');
  return table(
    ['code', 'reason', 'who fixes it', 'given', 'before', 'sources', 'owners'],
    codes.map(({ code, reason, fixer, given, before, sources, owners }) => [
      ...[code, literal(reason), fixer, given, before],
      listed(sources, (i) => sources[i]?.source),
      listed(owners, (i) => owners[i]?.owner),
    ]),
  );
}

function segmentsText({ segments }: HandoffReview): string {
  if (segments.length === 0) return '';
  return `Segments with most rejections:\n\n${list(segments.map(({ label, rejected, decided, code }) => `${told(label)}: ${rejected} of ${decided}, most often ${code}`))}`;
}

function clocksTable({ clocks }: HandoffReview): string {
  const minutes = (value: number | null) => (value === null ? 'not ended' : figureText(value, { unit: 'minutes' }));
  const rows = clocks.flatMap(({ by_source, ...whole }) => [
    { of: 'all', ...whole },
    ...by_source.map((one) => ({ of: named(one.source), clock: whole.clock, ...one })),
  ]);
  return table(
    ['clock', 'source', 'kept', 'breached', 'in time', 'median', 'nine in ten within'],
    rows.map((one) => [
      one.clock,
      one.of,
      one.kept,
      one.breached,
      percent(one.attainment),
      minutes(one.median_minutes),
      minutes(one.p90_minutes),
    ]),
  );
}

function breachesText({ breaches, breaches_total }: HandoffReview): string {
  if (breaches_total === 0) return '';
  const lines = breaches.map(
    ({ clock, due_at, ended_at, person, owner, hand_off }) =>
      `${clock} of ${named(person ?? hand_off)}, ${owner === null ? 'nobody' : told(owner)}: due ${due_at.toISOString()}, ${ended_at === null ? 'still owed' : `done ${ended_at.toISOString()}`}`,
  );
  return `${count(breaches_total, 'promise')} ${breaches_total === 1 ? 'was' : 'were'} not kept; ${breaches.length} of them, the oldest first:\n\n${list(lines)}`;
}

function recycledText({ recycled: { sent_back, again, kept, rejected, due } }: HandoffReview): string {
  return `${sent_back} sent back. ${again} came again: ${kept} accepted, ${rejected} rejected. The day of ${due} has come.`;
}

function rulesText({ rules }: HandoffReview): string {
  if (rules.length === 0) return 'No segment rule is proposed or in force.';
  return list(
    rules.map(({ state, action, label, code, evidence: { segment, rest, q, effect } }) => {
      const rate = `${segment.rejected} of ${segment.decided} rejected against ${rest.rejected} of ${rest.decided}, q ${q.toPrecision(2)}`;
      const cost = `in a quarter ${effect.handed_off} hand-offs, ${effect.rejected_so} rejected so, ${effect.accepted} accepted, ${count(effect.won, 'deal')} won`;
      return `${state.replaceAll('_', ' ')}: ${action.replaceAll('_', ' ')} ${told(label)} (${code}): ${rate}; ${cost}`;
    }),
  );
}
