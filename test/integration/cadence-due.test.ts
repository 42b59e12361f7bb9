import { beforeAll, beforeEach, expect, it } from 'vitest';
import { register as cadence } from '../../src/cli/cadence.ts';
import { holdReview } from '../../src/definitions/hold-review.ts';
import { listDueReviews } from '../../src/definitions/list-due-reviews.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import type { Database } from '../../src/kernel/database.ts';
import { getDefinitionTool } from '../../src/tools/get-definition.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { makeLeaders, sign } from '../support/leaders.ts';
import { runCommand } from '../support/run-command.ts';

describeDatabases('the reviews of the cadence', (open) => {
  let database: Database;
  let ctx: TestContext;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    // Monday, 2026-03-02
    ctx = await newWorkspace(database);
  });

  const overdue = async () => (await listDueReviews(ctx)).map(({ id, overdueSince }) => [id, overdueSince]);

  it('are overdue from the day after they were due, until they are recorded as held', async () => {
    expect((await listDueReviews(ctx)).map(({ id, next }) => [id, next])).toEqual([
      ['weekly_handoff', '2026-03-02'],
      ['monthly_performance', '2026-03-03'],
      ['quarterly_icp', '2026-04-01'],
    ]);
    ctx.setNow('2026-03-10T08:00:00Z');
    expect(await overdue()).toEqual([
      ['weekly_handoff', '2026-03-02'],
      ['monthly_performance', '2026-03-03'],
      ['quarterly_icp', null],
    ]);
    expect(await holdReview(ctx, { review: 'weekly_handoff', on: '2026-03-05' })).toMatchObject({
      overdueSince: '2026-03-09',
      lastHeld: '2026-03-05',
    });
    expect(await holdReview(ctx, { review: 'weekly_handoff' })).toMatchObject({
      overdueSince: null,
      lastHeld: '2026-03-10',
      next: '2026-03-16',
    });
    // told twice, or told late, changes nothing
    await holdReview(ctx, { review: 'weekly_handoff' });
    expect(await holdReview(ctx, { review: 'weekly_handoff', on: '2026-03-04' })).toMatchObject({ lastHeld: '2026-03-10' });
  });

  it('and stay so under a new version of the cadence, once one was held', async () => {
    await makeLeaders(ctx);
    await holdReview(ctx, { review: 'weekly_handoff' });
    ctx.setNow('2026-03-17T08:00:00Z');
    await proposeDefinition(ctx, { kind: 'cadence', changes: [{ path: 'reviews.weekly_handoff.minutes', value: 45 }] });
    for (const team of ['marketing', 'sales'] as const) await sign(ctx, { kind: 'cadence', team });
    expect((await overdue()).slice(0, 2)).toEqual([
      ['weekly_handoff', '2026-03-09'],
      // never held, and due since the version that is in use alone
      ['monthly_performance', null],
    ]);
  });

  it('get_definition shows them for the cadence in use', async () => {
    ctx.setNow('2026-03-10T08:00:00Z');
    const ask = async (given: { kind: 'cadence' | 'sla' }) => {
      const input = getDefinitionTool.input.parse(given);
      const output = getDefinitionTool.output.parse(await getDefinitionTool.run(ctx, input));
      return { output, text: getDefinitionTool.text(output, input) };
    };
    const { output, text } = await ask({ kind: 'cadence' });
    expect(output.due?.[0]).toEqual({ id: 'weekly_handoff', next: '2026-03-16', last_held: null, overdue_since: '2026-03-02' });
    expect(text).toContain(
      'Weekly hand-off review: next on 2026-03-16, its report by 2026-03-16; none is recorded as held; overdue since 2026-03-02.',
    );
    expect((await ask({ kind: 'sla' })).output.due).toBeUndefined();
  });

  it('the command line shows and records them', async () => {
    ctx.setNow('2026-03-03T08:00:00Z');
    const late = await runCommand([cadence], ctx, ['cadence', 'due']);
    expect(late).toMatchObject({ code: 1, out: expect.stringContaining('overdue since 2026-03-02') });
    expect((await runCommand([cadence], ctx, ['cadence', 'held', 'weekly_handoff', '--on', '2026-03-02'])).out).toContain(
      'last held on 2026-03-02.',
    );
    const { code, out } = await runCommand([cadence], ctx, ['cadence', 'due', '--json']);
    expect({ code, first: JSON.parse(out)[0] }).toMatchObject({
      code: 0,
      first: { id: 'weekly_handoff', next: '2026-03-09', report_by: '2026-03-09', last_held: '2026-03-02', overdue_since: null },
    });
    await expect(runCommand([cadence], ctx, ['cadence', 'held', 'weekly'])).rejects.toMatchObject({
      code: 'not_found',
      message: 'The cadence has no review "weekly"; did you mean weekly_handoff?',
    });
    await expect(holdReview(ctx, { review: 'weekly_handoff', on: '2026-03-04' })).rejects.toMatchObject({
      message: 'on is a day to come (found 2026-03-04).',
    });
    await expect(holdReview(ctx, { review: 'weekly_handoff', on: 'Monday' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: /^on is wrong: a date YYYY-MM-DD.*; found Monday/,
    });
  });
});
