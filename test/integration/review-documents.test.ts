import { expect, it } from 'vitest';
import { freezeReview } from '../../src/review/freeze-review.ts';
import { getReview } from '../../src/review/get-review.ts';
import { viewMarkdown } from '../../src/review/view-markdown.ts';
import { analyzeIcpRefreshTool } from '../../src/tools/analyze-icp-refresh.ts';
import { reviewPerformanceTool } from '../../src/tools/review-performance.ts';
import { newWorkspace } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';

/** sha256 of each document, whichever database it came from. */
const published = new Map<string, string>();

describeDatabases('each kind of review', (open) => {
  it('is a document that is frozen as it is, the same bytes on every database', async () => {
    const ctx = await newWorkspace(await open());
    const deals = Array.from(
      { length: 12 },
      (_, i) => `o${i},o${i},Closed,2026-02-0${1 + (i % 9)},2026-02-2${i % 9},${i * 10},a${i}.com,${i % 3 > 0},true`,
    );
    const head = 'Id,Name,StageName,CreatedDate,CloseDate,Amount,account.domain,IsWon,IsClosed';
    await importText(ctx, 'opportunities', [head, ...deals].join('\n'), { source: 'salesforce' });
    ctx.setNow('2026-04-20T09:00:00Z');
    for (const [kind, period] of [
      ['weekly', '2026-W09'],
      ['monthly', '2026-02'],
      ['quarterly', '2026-Q1'],
    ] as const) {
      const { document, sha256 } = await freezeReview(ctx, { kind, period });
      const view = await getReview(ctx, { kind, period });
      expect(view.document).toEqual(document);
      expect(view.restatement).toMatchObject({ version: 1, differ: 0 });
      expect(viewMarkdown(view)).not.toMatch(/NaN|Infinity|undefined|\[object/);
      expect(viewMarkdown(view).match(/Definitions/g)).toHaveLength(1);
      expect(new Set(document.figures.map(({ key }) => key)).size, 'each key once').toBe(document.figures.length);
      expect(published.get(kind) ?? sha256).toBe(sha256);
      published.set(kind, sha256);
    }
    // the tools name it too
    const month = await reviewPerformanceTool.run(ctx, { period: '2026-02', response_format: 'concise' });
    const input = { period: '2026-Q1', quarters: 4, values: 'then', response_format: 'concise' } as const;
    const quarter = await analyzeIcpRefreshTool.run(ctx, input);
    for (const { frozen } of [month, quarter]) expect(frozen).toMatchObject({ version: 1, differ: 0 });
    expect(analyzeIcpRefreshTool.text(analyzeIcpRefreshTool.output.parse(quarter), input)).toContain('It is frozen: version 1');
    expect((await analyzeIcpRefreshTool.run(ctx, { ...input, quarters: 8 })).frozen).toBeNull();
  });

  it('says of a period to come that it has not begun, and shows no tables', async () => {
    const ctx = await newWorkspace(await open());
    ctx.setNow('2026-04-20T09:00:00Z');
    for (const [kind, period, days] of [
      ['weekly', '2026-W18', '2026-04-27 to 2026-05-03'],
      ['monthly', '2026-05', '2026-05-01 to 2026-05-31'],
      ['quarterly', '2026-Q3', '2026-07-01 to 2026-09-30'],
    ] as const) {
      const { document } = await getReview(ctx, { kind, period });
      expect(document.markdown).toContain(
        `${period} has not begun: it runs from ${days}, and today is 2026-04-20. There is nothing to review yet.`,
      );
      expect(document.markdown).not.toMatch(/\||Not settled|In short/);
      expect([document.immature, document.plots]).toEqual([['the period has not begun'], undefined]);
    }
  });
});
