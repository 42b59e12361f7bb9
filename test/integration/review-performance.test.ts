import { beforeAll, expect, it } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { Performance } from '../../src/review/core/performance.ts';
import { performanceFigures } from '../../src/review/core/performance-figures.ts';
import { performanceMarkdown } from '../../src/review/core/performance-markdown.ts';
import { rateOf } from '../../src/review/core/performance-statistics.ts';
import { reviewPerformance } from '../../src/review/review-performance.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillPerformance } from '../support/fill-performance-world.ts';
import * as plain from '../support/performance-oracle.ts';
import { inventPerformance, type PerformanceWorld } from '../support/performance-world.ts';

const DAY = 86_400_000;
const day = (date: string) => Date.parse(date) / DAY;
/** The clock stands at Monday, 2 March 2026: the last whole month is February. */
const FEBRUARY = { from: day('2026-02-01'), to: day('2026-03-01') };
const JANUARY = { from: day('2026-01-01'), to: day('2026-02-01') };
const YEAR = { from: day('2025-03-01'), to: day('2026-03-01') };
const rate = ([hits, of]: [number, number]) => rateOf({ hits, of });

describeDatabases('review_performance', (open) => {
  let ctx: TestContext;
  let world: PerformanceWorld;
  let review: Performance;

  beforeAll(async () => {
    ctx = testContext(await open());
    await ensureWorkspace(ctx);
    world = inventPerformance(ctx.workspaceId, 8, ctx.now().getTime(), 600);
    await fillPerformance(ctx, world);
    review = await reviewPerformance(ctx, {});
  });

  it('is of the last whole month, beside the one before', () => {
    expect(review.period).toEqual({ name: '2026-02', from: '2026-02-01', to: '2026-02-28', over: true, before: '2026-01' });
  });

  it('follows cohorts, and holds snapshots beside them', () => {
    expect(review.funnel.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'inquiry mql',
      'mql sal',
      'sal sql',
      'sql opportunity',
      'opportunity closed_won',
    ]);
    const [people, ...steps] = review.funnel;
    expect(people?.cohort.this).toEqual({ month: '2026-02', mature: false, ...rate(plain.plainPeopleCohort(world, 90, FEBRUARY)) });
    expect(people?.cohort.before).toMatchObject(rate(plain.plainPeopleCohort(world, 90, JANUARY)));
    const november = { from: day('2025-11-01'), to: day('2025-12-01') };
    expect(people?.mature).toEqual({ month: '2025-11', mature: true, ...rate(plain.plainPeopleCohort(world, 90, november)) });
    expect(people?.same_age).toEqual({
      days: 1,
      this: rate(plain.plainPeopleCohort(world, 1, FEBRUARY)),
      before: rate(plain.plainPeopleCohort(world, 1, JANUARY)),
    });
    const stages = ['mql', 'accepted', 'qualified', 'opportunity'];
    for (const [i, step] of steps.slice(0, 3).entries()) {
      const cohort = (span: typeof FEBRUARY, days = step.within_days) =>
        rate(plain.plainCohort(world, stages[i] ?? '', stages[i + 1] ?? '', days, span));
      expect(step.cohort.this).toEqual({ month: '2026-02', mature: false, ...cohort(FEBRUARY) });
      expect(step.cohort.before).toEqual({ month: '2026-01', mature: step.within_days <= 29, ...cohort(JANUARY) });
      expect(step.same_age).toEqual({ days: 1, this: cohort(FEBRUARY, 1), before: cohort(JANUARY, 1) });
      const { entered, reached } = step.snapshot.this;
      expect([entered, reached]).toEqual([stages[i], stages[i + 1]].map((stage) => plain.plainEntries(world, stage ?? '', FEBRUARY)));
      expect(entered).toBeGreaterThan(0);
    }
    expect(steps[0]?.mature).toEqual({ ...steps[0]?.cohort.before });
  });

  it('follows deals from the day they were created', () => {
    const step = review.funnel.at(-1);
    const deals = plain.plainDeals(world);
    const cohort = (span: typeof FEBRUARY, days: number): [number, number] => {
      const entered = deals.filter(({ opened }) => opened !== null && opened >= span.from && opened < span.to);
      return [
        entered.filter(({ won, opened, closed }) => won === true && closed !== null && closed - (opened ?? 0) <= days).length,
        entered.length,
      ];
    };
    expect(step?.cohort.this).toMatchObject(rate(cohort(FEBRUARY, 180)));
    expect(step?.mature).toMatchObject({ month: '2025-08', ...rate(cohort({ from: day('2025-08-01'), to: day('2025-09-01') }, 180)) });
    expect(step?.same_age?.before).toEqual(rate(cohort(JANUARY, 1)));
  });

  it('tells how long leads and deals stayed', () => {
    for (const stage of ['mql', 'sal', 'sql', 'opportunity']) {
      const found = review.stages.find((one) => one.of === 'hand_offs' && one.stage === stage);
      expect(found?.this).toMatchObject(plain.plainTimes(world, stage, FEBRUARY));
      expect(found?.before).toMatchObject(plain.plainTimes(world, stage, JANUARY));
    }
    for (const stage of ['discovery', 'proposal']) {
      const found = review.stages.find((one) => one.of === 'deals' && one.stage === stage);
      expect(found?.this).toMatchObject(plain.plainDealStages(world, stage, FEBRUARY));
    }
    const courses = plain
      .plainDeals(world)
      .flatMap(({ won, opened, closed }) =>
        won === true && opened !== null && closed !== null && closed >= opened && closed >= FEBRUARY.from && closed < FEBRUARY.to
          ? [closed - opened]
          : [],
      );
    expect(review.stages.find((one) => one.of === 'course' && one.stage === 'won')?.this).toMatchObject(plain.timesOf(courses));
  });

  it('counts what was rejected, of whom, and how soon leads were touched', () => {
    expect(review.rejections.this).toEqual(rate(plain.plainRejections(world, FEBRUARY)));
    for (const one of review.rejections.by_source)
      expect(one.before).toEqual(rate(plain.plainRejections(world, JANUARY, ({ source }) => source === one.source)));
    for (const one of review.rejections.by_tier)
      expect(one.this).toEqual(rate(plain.plainRejections(world, FEBRUARY, ({ tier }) => tier === one.tier)));
    const bands = plain.plainBands(world, FEBRUARY);
    expect(
      new Map(
        review.speed.bands.map(({ band, n, accepted, opportunity, won }) => [
          band,
          { n, accepted, opportunity: opportunity.hits, won: won.hits },
        ]),
      ),
    ).toEqual(new Map([...bands].map(([band, one]) => [band, { ...one, accepted: rate(one.accepted) }])));
    const handed = plain.plainEntries(world, 'mql', FEBRUARY);
    expect(review.tiers.shares.reduce((sum, one) => sum + one.this.hits, 0)).toBe(handed);
  });

  it('counts all that was scored at the end of both months, and who moved', () => {
    const moves = plain.plainMoves(world, FEBRUARY.from, FEBRUARY.to);
    const [accounts, ...others] = review.scored.kinds;
    expect([accounts?.kind, others]).toEqual(['account', []]);
    const found = (accounts?.matrix ?? []).flatMap(({ from, gone: _, ...to }) =>
      Object.entries(to).flatMap(([tier, n]): [string, number][] => (n === 0 ? [] : [[`${from ?? 'none'} ${tier}`, n]])),
    );
    expect(new Map(found)).toEqual(moves);
    const sum = (of: (from: string, to: string) => boolean) =>
      [...moves].reduce((total, [move, n]) => (of(move.split(' ')[0] ?? '', move.split(' ')[1] ?? '') ? total + n : total), 0);
    expect(accounts?.moved).toBe(sum((from, to) => from !== 'none' && from !== to));
    expect(accounts?.moved).toBeGreaterThan(5);
    for (const { tier, this: now, before } of accounts?.shares ?? []) {
      expect(now).toEqual(rate([sum((_, to) => to === tier), sum(() => true)]));
      expect(before).toEqual(rate([sum((from) => from === tier), sum((from) => from !== 'none')]));
    }
    expect(accounts?.tier_a).toMatchObject({
      n: sum((from) => from !== 'none'),
      joined: sum((from, to) => from !== 'none' && from !== 'A' && to === 'A'),
      left: sum((from, to) => from === 'A' && to !== 'A'),
    });
    expect([review.scored.before.day, review.scored.this.day]).toEqual(['2026-01-31', '2026-02-28']);
  });

  it('win rates go by the tier of the day on which a deal was opened', () => {
    const closed = plain.plainDeals(world).filter((deal) => deal.closed !== null && deal.closed >= YEAR.from && deal.closed < YEAR.to);
    const won = (of: typeof closed): [number, number] => [of.filter((deal) => deal.won).length, of.length];
    const now = closed.filter((deal) => (deal.closed ?? 0) >= FEBRUARY.from);
    expect(review.won.this).toEqual(rate(won(now)));
    expect(review.won.year).toEqual(rate(won(closed)));
    for (const { tier, year, this: month } of review.won.by_tier) {
      expect(year).toEqual(rate(won(closed.filter((deal) => deal.tier === tier))));
      expect(month).toEqual(rate(won(now.filter((deal) => deal.tier === tier))));
    }
    const scored = now.filter((deal) => deal.won && deal.tier !== null);
    expect(review.won.outside_a.this).toEqual(rate([scored.filter(({ tier }) => tier !== 'A').length, scored.length]));
  });

  it('adds up amounts by currency to the cent, and takes velocity apart', () => {
    const deals = plain.plainDeals(world);
    const own = (of: 'opened' | 'closed', currency: string | null) =>
      deals.filter(
        (deal) => deal.currency === currency && deal[of] !== null && (deal[of] ?? 0) >= FEBRUARY.from && (deal[of] ?? 0) < FEBRUARY.to,
      );
    const [created, wins] = review.pipeline;
    for (const { currency, this: money } of created?.totals ?? []) {
      const all = own('opened', currency);
      const cents = all.reduce((sum, deal) => sum + (deal.cents ?? 0), 0);
      expect(money).toMatchObject({ deals: all.length, unpriced: all.filter((deal) => deal.cents === null).length, amount: cents / 100 });
    }
    expect(created?.totals.map(({ currency }) => currency)).toEqual(['eur', 'usd', null]);
    expect(wins?.totals.find(({ currency }) => currency === 'usd')?.this.deals).toBe(own('closed', 'usd').filter(({ won }) => won).length);
    const usd = review.velocity.find(({ currency }) => currency === 'usd');
    const closed = own('closed', 'usd');
    const course = closed.filter(
      (deal) => deal.won && deal.cents !== null && deal.cents >= 0 && deal.opened !== null && (deal.closed ?? 0) >= deal.opened,
    );
    const openThen = deals.filter(
      (deal) =>
        deal.currency === 'usd' &&
        deal.opened !== null &&
        deal.opened < FEBRUARY.to &&
        (!deal.isClosed || (deal.closeDay !== null && deal.closeDay >= FEBRUARY.to)),
    );
    expect(usd).toMatchObject({
      open: openThen.length,
      n: course.length,
      win_rate: rate([closed.filter(({ won }) => won).length, closed.length]),
    });
    const cents = course.reduce((sum, deal) => sum + (deal.cents ?? 0), 0);
    const days = course.reduce((sum, deal) => sum + (deal.closed ?? 0) - (deal.opened ?? 0), 0);
    const share = closed.filter(({ won }) => won).length / closed.length;
    expect(usd?.per_day).toBeCloseTo((openThen.length * share * cents) / 100 / days, 2);
  });

  it('tells which deals have the roles that the ICP requires', () => {
    const roles = review.coverage.roles.map(({ role }) => role);
    expect(roles).toEqual(['economic_buyer', 'champion', 'technical_evaluator']);
    const isOpen = ({ isClosed }: plain.PlainDeal) => !isClosed;
    const isWon = ({ won, closed }: plain.PlainDeal) => won === true && closed !== null && closed >= FEBRUARY.from && closed < FEBRUARY.to;
    for (const { role, open: covered, won } of review.coverage.roles) {
      expect(covered).toEqual(rate(plain.plainCoverage(world, [role], isOpen)));
      expect(won).toEqual(rate(plain.plainCoverage(world, [role], isWon)));
    }
    expect(review.coverage.complete.open).toEqual(rate(plain.plainCoverage(world, roles, isOpen)));
  });

  it('credits every deal to its sources, by currency to the cent, with what nobody touched', () => {
    for (const { conversion, totals, sources } of review.pipeline) {
      const sum = (of: number[]) => of.reduce((total, one) => total + Math.round(one * 100), 0);
      for (const { currency, this: now, before } of totals) {
        const own = sources.filter((one) => one.currency === currency);
        expect([conversion, currency, sum(own.map(({ amount }) => amount.this))]).toEqual([
          conversion,
          currency,
          Math.round(now.amount * 100),
        ]);
        expect(sum(own.map(({ amount }) => amount.before))).toBe(Math.round(before.amount * 100));
        // each source's deals are rounded to a hundredth
        expect(Math.abs(sum(own.map(({ deals }) => deals.this)) - now.deals * 100)).toBeLessThanOrEqual(own.length);
      }
      expect(sources.some(({ untouched }) => untouched)).toBe(true);
      expect(sources.filter(({ source }) => source === 'webinar').length).toBeGreaterThan(0);
    }
  });

  it('has figures by stable keys, and a page with all of them', () => {
    const figures = performanceFigures(review);
    expect(new Set(figures.map(({ key }) => key)).size).toBe(figures.length);
    const byKey = new Map(figures.map((figure) => [figure.key, figure]));
    expect(byKey.get('win_rate.month')).toMatchObject({ value: review.won.this.percent, n: review.won.this.of, unit: 'percent' });
    expect(byKey.get('pipeline.created.amount.usd')).toMatchObject({ unit: 'amount', currency: 'usd' });
    expect(byKey.get('funnel.mql.sal.cohort')?.value).toBe(review.funnel[1]?.cohort.this.percent);
    const page = performanceMarkdown(review);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    for (const { percent } of [review.won.this, review.rejections.this, review.speed.within_hour.this])
      expect(page).toContain(`${percent} %`);
    // what came from outside stands in marks
    expect(page).toContain('«webinar»');
    for (const sentence of [...review.statements, ...review.immature]) expect(page).toContain(sentence);
  });

  it('the same a second time, and nothing in it that is no number', async () => {
    const again = await reviewPerformance(ctx, { period: '2026-02' });
    expect(JSON.stringify(again)).toBe(JSON.stringify(review));
    expect(JSON.stringify(review)).toBe(
      JSON.stringify(review, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? 'broken' : value)),
    );
  });

  it('a workspace in which nothing happened says so, and so does a month to come', async () => {
    const empty = testContext(ctx.db, { workspaceId: 'nothing' });
    await ensureWorkspace(empty);
    const nothing = await reviewPerformance(empty, { period: '2026-02' });
    expect(nothing.statements).toEqual([
      'Nobody was handed off in the month.',
      'No deal was created in the month.',
      'No deal was closed in the month.',
      'Nothing had a score at the end of either month.',
    ]);
    expect([nothing.changes, nothing.compared, nothing.velocity, nothing.won.this.percent, nothing.tiers.index]).toEqual([
      [],
      0,
      [],
      null,
      null,
    ]);
    expect(performanceMarkdown(nothing)).not.toMatch(/NaN|undefined|Infinity/);
    const future = await reviewPerformance(ctx, { period: '2026-04' });
    expect(future.statements).toContain('2026-04 has not begun: there is nothing to count.');
    expect(future.period.over).toBe(false);
    expect(future.immature).toEqual([]);
    expect(performanceMarkdown(future)).toMatch(
      /^2026-04 has not begun: it runs from 2026-04-01 to 2026-04-30, and today is 2026-03-\d\d\. There is nothing to review yet\.\n\nDefinitions: taxonomy v\d[^|\n]*$/,
    );
    const running = await reviewPerformance(ctx, { period: '2026-03' });
    expect(running.immature[0]).toBe('2026-03 is not over: its figures are those up to today.');
    expect(running.changes.filter(({ unit }) => unit === 'count' || unit === 'amount')).toEqual([]);
    expect(running.funnel.map(({ same_age }) => same_age)).toEqual([null, null, null, null, null]);
  });
});
