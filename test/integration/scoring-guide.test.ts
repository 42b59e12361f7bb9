import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { getAccountHeat } from '../../src/accounts/get-account-heat.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { getScore } from '../../src/scoring/get-score.ts';
import { verifyScore } from '../../src/scoring/verify-score.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

const ACCOUNT = { kind: 'account', record: 'northwind.example' } as const;

/** docs/guide/scoring.md: its example is imported as it stands there, and every figure that it gives is held against the verbs. */
describeDatabases('the example of the scoring guide', (open) => {
  let guide: string;
  let ctx: TestContext;

  beforeAll(async () => {
    guide = await readFile(new URL('../../docs/guide/scoring.md', import.meta.url), 'utf8');
    ctx = testContext(await open());
    await ensureWorkspace(ctx);
    const files = [...guide.matchAll(/```csv (\S+)\.csv\n([\s\S]*?)```/g)];
    expect(files.map(([, name]) => name)).toEqual(['accounts', 'people', 'events', 'signals']);
    for (const [, source, content] of files) {
      const { rows, kind } = await importRecords(ctx, { source: source ?? '', content: content ?? '' });
      expect([kind, rows.bad]).toEqual([source, 0]);
    }
  });

  it('earns what the table says', async () => {
    const { result, explanation } = await getScore(ctx, ACCOUNT);
    const rows = [...guide.matchAll(/^\| (\w+) \| (fit|persona|engagement|intent) \| (\d+) \|/gm)];
    const told = rows.map(([, criterion, group, points]) => ({ criterion, group, points: Number(points) }));
    const earned = explanation.parts.filter((part) => part.points !== 0);
    expect(told).toEqual(earned.map(({ criterion, group, points }) => ({ criterion, group, points })));

    const points = Object.fromEntries(explanation.groups.map((group) => [group.group, group.points]));
    expect(guide).toContain(
      `${points.fit} in fit (of at most 60), ${points.engagement} in engagement (of 25) and ${points.intent} in intent (of 15)`,
    );
    expect(guide).toContain(`**${result.score}, tier ${result.tier}**. Technologies`);
    const { decided, of, percent } = explanation.coverage;
    expect(guide.replace(/\s+/g, ' ')).toContain(`${decided} of the ${of} criteria that need fields are decided: coverage ${percent} %`);
  });

  it('gives Ada what is hers', async () => {
    const { result, explanation } = await getScore(ctx, { kind: 'lead', record: 'ada@northwind.example' });
    const points = Object.fromEntries(explanation.groups.map((group) => [group.group, group.points]));
    expect(points).toEqual({ fit: 51, persona: 15, engagement: 9, intent: 8 });
    expect(guide).toContain(`**${result.score}, tier ${result.tier}**.\n\n## Heat`);
  });

  it('is as hot as it says', async () => {
    const heat = await getAccountHeat(ctx, { account: ACCOUNT.record });
    const value = Object.fromEntries(heat.tests.map((test) => [test.test, test.value]));
    expect(guide.replace(/\s+/g, ' ')).toContain(
      `has depth ${value.points}, ${value.people} people, and ${heat.events_this_week} events this week against ${heat.events_three_weeks_before} in the three weeks before (${value.momentum_percent} % of the mean)`,
    );
    expect(heat.tests.map((test) => test.hot?.met)).toEqual([false, true, true]);
    expect(heat.act_now).toMatchObject([{ type: 'funding_round', age_days: 20 }]);
    expect(guide).toContain(`it is **${heat.heat}**`);
  });

  it('keeps its receipt through a late event', async () => {
    const { receipt, result } = await getScore(ctx, ACCOUNT);
    ctx.setNow('2026-03-03T09:00:00.000Z');
    await importRecords(ctx, { source: 'webinar', content: 'Event ID,Type,Date,Email\nw1,webinar,2026-02-27,ben@northwind.example\n' });
    const later = await getScore(ctx, { ...ACCOUNT, as_of: '2026-03-02' });
    expect(guide).toContain(
      `| ${later.result.score}: the webinar, 3 days old then, earns ${later.result.score - result.score} points in \`content\` |`,
    );
    expect(await verifyScore(ctx, { receipt })).toMatchObject({ outcome: 'reproduced' });
    expect(guide).toContain(`| reproduced, ${result.score}: that is what could be known |`);
  });
});
