import { SCORED_TIERS } from '../../definitions/core/common.ts';
import { bullets, count, paragraphs, table } from '../../kernel/markdown.ts';
import { quoteOutside } from '../../kernel/quote-outside.ts';
import type { Cohort, FunnelStep, Money, Pair, Performance, PerformanceChange, Pipeline } from './performance.ts';
import type { Quantiles, Rate } from './performance-statistics.ts';
import { isToCome, toComeText } from './period.ts';

/** A month as it is read; a definition is told by whatever kind it says. */
type Page = Omit<Performance, 'definitions' | 'pipeline' | 'scored'> & {
  pipeline: readonly (Pipeline & SomeSources)[];
  scored: Pair<{ day: string; rubric: Ref | null }> & Pick<Performance['scored'], 'kinds'>;
  definitions: readonly Ref[];
};

interface Ref {
  kind: string;
  version: number;
  status: string;
  hash: string;
}

/** Of how many rows by source there are the first alone, where some are left out. */
interface SomeSources {
  sources_total?: number;
}

/** How text that came from outside stands in the page. */
type Quote = (text: string) => string;

const PIPELINE: Readonly<Record<Pipeline['conversion'], string>> = { opportunity_created: 'Pipeline created', closed_won: 'Pipeline won' };
const VERDICTS = {
  better: 'tier A wins more',
  worse: 'tier A wins less',
  no_better: 'tier A wins no more that is worth knowing',
  too_little: 'too little to tell',
} as const;
const SOONER = {
  better: 'sooner is better',
  worse: 'sooner is worse',
  no_better: 'no difference worth knowing',
  too_little: 'too little to tell',
} as const;

/**
 * The month as a page to read in a meeting: every figure with its count and interval.
 * @param quote for text from outside that is not in marks yet; marks it when left out
 */
export function performanceMarkdown(review: Page, quote: Quote = quoteOutside): string {
  const { period, won, speed, coverage, tiers, rejections } = review;
  const outside = (text: string | null) => (text === null ? 'unknown' : quote(text));
  const { a_against_rest: a } = won;
  if (isToCome(review)) return paragraphs(toComeText({ ...period, today: review.scored.this.day }), definitionsText(review));
  return paragraphs(
    `Performance of ${period.name} (${period.from} to ${period.to}), ${period.before} beside it. Rates and medians come with n and a 95 % interval.`,
    changesText(review, quote),
    ...review.pipeline.map((one) => pipelineText(one, outside)),
    `Funnel. A cohort is those who entered in the month, and the share that came further in time; a snapshot holds entries of the month against entries of the month. They answer two questions, and are not to be mixed.`,
    table(
      [
        'step',
        'within',
        `cohort ${period.name}`,
        `cohort ${period.before}`,
        'latest mature cohort',
        'both at one age',
        'snapshot',
        'before',
      ],
      review.funnel.map(funnelRow),
    ),
    'Time in stage, of those who left it in the month:',
    table(
      ['of', 'stage', 'median', 'p90', 'n', 'median before'],
      review.stages.map(({ of, stage, unit, this: now, before }) => [
        of === 'course' ? 'deals, from opened' : of.replaceAll('_', '-'),
        of === 'deals' ? outside(stage) : stage,
        medianText(now, unit),
        now.p90 === null ? null : `${now.p90} ${unit}`,
        now.n,
        medianText(before, unit),
      ]),
    ),
    'Velocity: open deals × win rate × mean amount of won deals ÷ their mean days.',
    table(
      ['currency', 'open', 'win rate', 'mean amount', 'mean days', 'n', 'a day', 'before'],
      review.velocity.map(({ currency, open, win_rate, mean_amount, mean_days, n, per_day, low, high, before }) => [
        ...[outside(currency), open, rateText(win_rate), mean_amount, mean_days, n],
        per_day === null
          ? null
          : low === null || high === null
            ? number(per_day)
            : `${number(per_day)} (${number(low)} to ${number(high)})`,
        before,
      ]),
    ),
    `Win rate ${rateText(won.this)}, ${rateText(won.before)} before, ${rateText(won.year)} over twelve months. By the tier of the account when the deal was opened:`,
    table(
      ['tier', period.name, 'twelve months'],
      won.by_tier.map(({ tier, this: now, year }) => [tier ?? 'not scored then', rateText(now), rateText(year)]),
    ),
    `Tier A against the others over twelve months: ${VERDICTS[a.verdict]}${pointsText(a.difference)}. Won outside tier A: ${rateText(won.outside_a.this)}, ${rateText(won.outside_a.before)} before.`,
    `Speed to lead by the clock on the wall: touched within an hour ${rateText(speed.within_hour.this)}, ${rateText(speed.within_hour.before)} before. Acceptance within the hour against later: ${SOONER[speed.hour_against_later.verdict]}${pointsText(speed.hour_against_later.difference)}; who is called first is no accident, so this is no effect. Opportunities and wins are those so far.`,
    table(
      ['first touch', 'n', 'accepted of decided', 'opportunity', 'won'],
      speed.bands.map(({ band, n, accepted, opportunity, won: wins }) => [
        band,
        n,
        rateText(accepted),
        rateText(opportunity),
        rateText(wins),
      ]),
    ),
    coverage.roles.length > 0 && 'Deals with the roles that the ICP requires, by the people known today:',
    coverage.roles.length > 0 &&
      table(
        ['role', 'open', 'won', 'lost'],
        [...coverage.roles, { role: 'all of them', ...coverage.complete }].map(({ role, open, won: wins, lost }) => [
          ...[role.replaceAll('_', ' '), rateText(open), rateText(wins), rateText(lost)],
        ]),
      ),
    `Tiers of those handed off${tiers.index === null ? '' : `: stability index ${tiers.index}, ${tiers.verdict}`}:`,
    table(
      ['tier', period.name, period.before],
      tiers.shares.map(({ tier, this: now, before }) => [tier ?? 'none', rateText(now), rateText(before)]),
    ),
    ...scoredText(review.scored),
    `Rejected of those decided on: ${rateText(rejections.this)}, ${rateText(rejections.before)} before.`,
    table(
      ['', period.name, period.before],
      [
        ...rejections.by_source.map((one) => [`source ${outside(one.source)}`, rateText(one.this), rateText(one.before)]),
        ...rejections.by_tier.map((one) => [`tier ${one.tier ?? 'none'}`, rateText(one.this), rateText(one.before)]),
      ],
    ),
    review.immature.length > 0 && `Not settled yet:\n${bullets(review.immature)}`,
    review.statements.length > 0 && `What the records do not tell:\n${bullets(review.statements)}`,
    definitionsText(review),
  );
}

const definitionsText = ({ definitions }: Page) => definitions.length > 0 && `Definitions: ${definitions.map(refText).join('; ')}`;

const refText = ({ kind, version, status, hash }: Ref) => `${kind} v${version} (${status}) ${hash}`;
const number = (value: number) => value.toLocaleString('en-US');
const signed = (value: number) => (value > 0 ? `+${number(value)}` : number(value));

function rateText({ percent, low, high, hits, of }: Rate): string {
  return percent === null ? '–' : `${percent} % (${hits} of ${of}; ${low} to ${high})`;
}

function pointsText(difference: { points: number; low: number; high: number } | null): string {
  return difference === null ? '' : `, ${signed(difference.points)} points (${signed(difference.low)} to ${signed(difference.high)})`;
}

function medianText({ median, low, high }: Quantiles, unit: string): string | null {
  if (median === null) return null;
  return low === null || high === null ? `${median} ${unit}` : `${median} ${unit} (${low} to ${high})`;
}

function funnelRow({ from, to, within_days, cohort, mature, same_age, snapshot }: FunnelStep): (string | number | null)[] {
  const cohortText = (one: Cohort) => `${rateText(one)}${one.of === 0 || one.mature ? '' : ', immature'}`;
  const snapshotText = ({ entered, reached, percent, low, high }: FunnelStep['snapshot']['this']) =>
    percent === null ? `– (${reached} against 0)` : `${percent} % (${reached} against ${entered}; ${low} to ${high})`;
  return [
    `${from} to ${to}`,
    count(within_days, 'day'),
    cohortText(cohort.this),
    cohortText(cohort.before),
    mature === null ? null : `${mature.month}: ${rateText(mature)}`,
    same_age === null ? null : `${count(same_age.days, 'day')}: ${rateText(same_age.this)}, before ${rateText(same_age.before)}`,
    snapshotText(snapshot.this),
    snapshotText(snapshot.before),
  ];
}

function scoredText({ before, this: now, kinds }: Page['scored']): string[] {
  if (kinds.length === 0) return [];
  const rubric = (one: Ref | null) => (one === null ? 'no rubric' : refText(one));
  const [then, since] = [rubric(before.rubric), rubric(now.rubric)];
  return [
    `Tiers of all that was scored, at the end of ${before.day} and of ${now.day}, by ${then === since ? since : `${then}, then ${since}`}.`,
    ...kinds.flatMap(({ kind, shares, index, verdict, matrix, moved, moved_by_rubric, tier_a }) => [
      `Scored ${kind}s${index === null ? '' : `: stability index ${index}, ${verdict}`}. ${count(moved, kind)} moved to another tier${moved_by_rubric === 0 ? '' : `, ${number(moved_by_rubric)} of them with another version of the rubric`}. ${movesText(tier_a)}`,
      table(
        ['tier', now.day, before.day, ...SCORED_TIERS.map((tier) => `to ${tier}`), 'merged away'],
        [
          ...matrix.map(({ from, gone, ...to }) => {
            const share = shares.find(({ tier }) => tier === from);
            const cells = SCORED_TIERS.map((tier) => to[tier]);
            return share === undefined
              ? ['not scored before', null, null, ...cells, null]
              : [from, rateText(share.this), rateText(share.before), ...cells, gone];
          }),
        ],
      ),
    ]),
  ];
}

function movesText({ n, joined, left, before, this: now, difference }: Page['scored']['kinds'][number]['tier_a']): string {
  if (before === null || now === null) return 'None was scored at both ends.';
  return `Of the ${number(n)} scored at both ends ${before} % were in tier A, now ${now} %${pointsText(difference)}: ${number(joined)} came in, ${number(left)} went out.`;
}

function pipelineText(
  { conversion, totals, sources, sources_total = sources.length }: Pipeline & SomeSources,
  outside: (text: string | null) => string,
): string {
  const money = ({ deals, unpriced, amount, low, high }: Money) =>
    `${number(amount)}${low === null || high === null ? '' : ` (${number(low)} to ${number(high)})`} of ${count(deals, 'deal')}${unpriced === 0 ? '' : `, ${unpriced} without an amount`}`;
  const lines = totals.map((one) => `${outside(one.currency)}: ${money(one.this)}; before ${money(one.before)}`);
  return paragraphs(
    `${PIPELINE[conversion]}:\n${bullets(lines)}`,
    sources.length > 0 &&
      `By source, as the attribution in force credits it:\n${table(
        ['source', 'currency', 'amount', 'before', 'deals', 'before'],
        sources.map(({ source, untouched, currency, amount, deals }) => [
          untouched ? 'no touch' : outside(source),
          ...[outside(currency), number(amount.this), number(amount.before), deals.this, deals.before],
        ]),
      )}`,
    sources_total > sources.length &&
      `The first ${sources.length} of ${sources_total} rows: with response_format "detailed" all are here, and the stages of deals.`,
  );
}

function changesText({ changes, compared, period }: Page, quote: Quote): string {
  if (changes.length === 0) return `Nothing changed since ${period.before} by more than noise (${compared} figures compared).`;
  const lines = changes.map((one) => `${quote(one.what)}: ${changeText(one, quote)}, q ${one.q}`);
  return `Changed since ${period.before} by more than noise (${compared} figures compared and corrected for together, 5 %):\n${bullets(lines)}`;
}

function changeText({ unit, currency, before, this: now, difference, low, high, n }: PerformanceChange, quote: Quote): string {
  const name =
    unit === 'percent' ? ' %' : unit === 'amount' ? (currency === null ? '' : ` ${quote(currency)}`) : unit === 'count' ? '' : ` ${unit}`;
  const interval = low === null || high === null ? '' : ` (${signed(low)} to ${signed(high)})`;
  const ofHow = unit === 'count' ? '' : `, n ${n.before} and ${n.this}`;
  return `${number(before)} → ${number(now)}${name}, ${signed(difference)}${unit === 'percent' ? ' points' : ''}${interval}${ofHow}`;
}
