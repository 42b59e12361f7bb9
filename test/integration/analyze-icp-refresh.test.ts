import { beforeAll, expect, it } from 'vitest';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import type { Database } from '../../src/kernel/database.ts';
import { analyzeIcpRefresh } from '../../src/review/analyze-icp-refresh.ts';
import type { IcpRefresh } from '../../src/review/core/refresh.ts';
import { refreshFigures } from '../../src/review/core/refresh-figures.ts';
import { refreshMarkdown } from '../../src/review/core/refresh-markdown.ts';
import { analyzeIcpRefreshTool } from '../../src/tools/analyze-icp-refresh.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { earlyWorkspace, inventDeals, makeOutcomes } from '../support/outcome-world.ts';

const PERIOD = { period: '2025-Q4' };
const PLANTED = inventDeals(3, 420, true);

/** What the first database gave for the planted world. */
let first: string | undefined;

async function answer(ctx: TestContext, refresh: Partial<Parameters<typeof analyzeIcpRefresh>[1]> = {}) {
  const input = analyzeIcpRefreshTool.input.parse({ ...PERIOD, response_format: 'detailed', ...refresh });
  const output = analyzeIcpRefreshTool.output.parse(await analyzeIcpRefreshTool.run(ctx, input));
  const text = analyzeIcpRefreshTool.text(output, input);
  expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
  return { output, text };
}

describeDatabases('the ICP refresh', (open, dialect) => {
  let db: Database;
  let planted: TestContext;
  let refresh: IcpRefresh;
  beforeAll(async () => {
    db = await open();
    planted = await earlyWorkspace(db);
    // on the other database the same rows come in another order
    await makeOutcomes(planted, dialect === 'pglite' ? PLANTED : PLANTED.toReversed());
    refresh = await analyzeIcpRefresh(planted, PERIOD);
  }, 120_000);

  it('finds what was planted, with its evidence, and nothing else', () => {
    expect(refresh.read).toMatchObject({ deals: 420, won: PLANTED.filter(({ won }) => won).length, witnessed: 420, left_out: [] });
    // the strongest first; with one industry above the average, others are below it
    expect(refresh.analysis.proposals.map(({ field, bin, direction }) => [field, bin.label, direction])).toEqual([
      ['account.industry', 'retail', 'more'],
      ['account.industry', 'banking', 'less'],
    ]);
    const [proposal] = refresh.analysis.proposals;
    const retail = PLANTED.filter(({ industry }) => industry === 'retail');
    expect(proposal?.evidence).toMatchObject({ n: retail.length, won: retail.filter(({ won }) => won).length });
    expect(proposal?.evidence.q).toBeLessThan(0.1);
    expect(refresh.analysis.backtest?.auc_current).not.toBeNull();
    expect(refresh.segments.reduce((sum, { n }) => sum + n, 0)).toBe(420);
  });

  it('drafts lines that the proposal of definitions takes as they are', async () => {
    const { draft } = refresh;
    expect(draft?.lines.map(({ id, when, before, after }) => ({ id, when, before, after }))).toEqual([
      { id: 'industry_retail', when: { field: 'account.industry', eq: 'retail' }, before: 0, after: 5 },
      { id: 'industry_banking', when: { field: 'account.industry', eq: 'banking' }, before: 0, after: -5 },
    ]);
    expect(draft?.difference.rubric.join('\n')).toMatch(/\+ criteria\.industry_retail: .*industry is retail/);
    expect(draft?.difference.icp.join('\n')).toMatch(/^segments\.adjacent\.when: .*banking.* → (?!.*banking).*retail/);
    expect(draft?.proposals.map(({ kind }) => kind)).toEqual(['icp', 'rubric']);
    const tiers = draft?.on_deals.tiers ?? [];
    for (const side of ['current', 'draft'] as const) expect(tiers.reduce((sum, one) => sum + one[side].n, 0)).toBe(420);
    for (const proposal of draft?.proposals ?? []) {
      const saved = await proposeDefinition(planted, proposal);
      expect(saved).toMatchObject({ kind: proposal.kind, outcome: 'proposed', status: 'draft' });
      const view = await getDefinition(planted, { kind: proposal.kind, hash: saved.hash, compare_to: 'in_use' });
      expect(view.difference?.lines).toEqual(draft?.difference[proposal.kind]);
      expect(view.inUseSince).toBeNull();
    }
    const { output, text } = await answer(planted);
    expect(output.draft?.open.map(({ kind }) => kind)).toEqual(['icp', 'rubric']);
    expect(text).toContain(JSON.stringify(output.draft?.proposals[1]));
  }, 60_000);

  it('is the same to the byte on both databases, whatever the order in which rows came', () => {
    const given = canonicalJson(refresh);
    first ??= given;
    expect(given).toBe(first);
  });

  it('holds no snapshot while it works out what it read, and lets other calls in between its statements', async () => {
    let open = 0;
    const watched: Database = {
      ...db,
      async transaction(mode, run, options) {
        open += 1;
        try {
          return await db.transaction(mode, run, options);
        } finally {
          open -= 1;
        }
      },
    };
    const held = new Map<string, number>();
    const ended: string[] = [];
    let other: Promise<unknown> | undefined;
    const report = (_done: number, _total: number | undefined, what: string) => {
      if (['Leaks', 'Screening', 'Strata', 'Fit and points', 'Backtest'].includes(what)) held.set(what, open);
      // asked for while the embedded database is at the first deals
      other ??= getDefinition(planted, { kind: 'icp' }).then(() => ended.push('other'));
    };
    await analyzeIcpRefresh({ ...planted, db: watched, progress: { report } }, PERIOD);
    ended.push('refresh');
    await other;
    expect(ended).toEqual(['other', 'refresh']);
    expect([...held.values()]).toEqual([0, 0, 0, 0, 0]);
  });

  it('is a document with figures by stable keys', () => {
    const figures = refreshFigures(refresh);
    expect(new Set(figures.map(({ key }) => key)).size).toBe(figures.length);
    expect(figures).toContainEqual(expect.objectContaining({ key: 'finding.account%2Eindustry.retail', unit: 'percent' }));
    expect(figures.filter(({ value, low, high }) => [value ?? 0, low ?? 0, high ?? 0].some((n) => !Number.isFinite(n)))).toEqual([]);
    const markdown = refreshMarkdown(refresh);
    expect(markdown).toMatch(/^## In short/);
    for (const heading of ['What was read', 'Draft', 'Win rate by tier', 'Win rate by ICP segment', 'Limits'])
      expect(markdown).toContain(`\n## ${heading}`);
    expect(markdown).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('proposes nothing where nothing is to be found, and says so', async () => {
    const ctx = await earlyWorkspace(db);
    await makeOutcomes(ctx, inventDeals(5, 300, false));
    const { output, text } = await answer(ctx);
    expect(output.tested.levels).toBeGreaterThan(5);
    expect([output.findings, output.draft]).toEqual([[], null]);
    expect(text).toContain(`No draft. ${output.no_draft}`);
    expect(output.no_draft?.length).toBeGreaterThan(20);
  }, 60_000);

  it('says plainly what cannot be analysed', async () => {
    const ctx = await earlyWorkspace(db);
    const none = await answer(ctx);
    expect(none.output).toMatchObject({ read: { deals: 0, base_rate: null }, draft: null });
    expect(none.output.no_draft).toContain('no closed deal');
    expect(none.text).toContain('Import opportunities');
    await makeOutcomes(ctx, inventDeals(5, 1, false));
    expect((await answer(ctx)).output.no_draft).toContain('one closed deal');
    await makeOutcomes(
      ctx,
      inventDeals(5, 30, false).map((deal) => ({ ...deal, won: false })),
    );
    expect((await answer(ctx)).output.no_draft).toContain('None of the 30 deals was won');
    const future = await answer(ctx, { period: '2031-Q1', quarters: 1 });
    expect(future.output.read).toMatchObject({ deals: 0 });
    expect(future.text).toContain('not over');
  });

  it('asks for the scope to read', async () => {
    const ctx = { ...planted, actor: { id: 'nobody', scopes: new Set<never>() } };
    await expect(analyzeIcpRefresh(ctx, PERIOD)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
