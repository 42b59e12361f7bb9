import { PGlite } from '@electric-sql/pglite';
import { describe, expect, inject, it } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { wrapPglite } from '../../src/db/pglite.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import type { Database } from '../../src/kernel/database.ts';
import type { Receipt } from '../../src/scoring/core/receipt.ts';
import { getScore } from '../../src/scoring/get-score.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { scoreRecord } from '../../src/scoring/score-record.ts';
import { simulateRubric } from '../../src/scoring/simulate-rubric.ts';
import { verifyScore } from '../../src/scoring/verify-score.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { createPostgresDatabase, describeDatabases } from '../support/databases.ts';
import { ACCOUNT_COUNT, changeRubric, OTHER_RUBRIC, step } from '../support/evolving-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function world(db: Database, seed: number, steps: number): Promise<{ ctx: TestContext; chance: () => number }> {
  const ctx = testContext(db);
  await ensureWorkspace(ctx);
  const chance = chanceFrom(seed);
  for (let n = 0; n < steps; n += 1) {
    await step(ctx, chance, n);
    ctx.advance(HOUR_MS);
  }
  return { ctx, chance };
}

async function subjects(ctx: TestContext): Promise<{ kind: 'account' | 'lead'; id: string }[]> {
  const rows = await ctx.db.transaction('read', async (tx) => {
    await tx.query("select set_config('app.workspace_id', $1, true)", [ctx.workspaceId]);
    return tx.query(`select 'account' as kind, id from account union all select 'lead', id from person order by 1, 2`);
  });
  return rows.map((row) => ({ kind: row.kind === 'account' ? 'account' : 'lead', id: String(row.id) }));
}

async function receipts(ctx: TestContext): Promise<Receipt[]> {
  const found = [];
  for (const { kind, id } of await subjects(ctx)) found.push((await getScore(ctx, { kind, record: id })).receipt);
  return found;
}

const written = (result: Awaited<ReturnType<typeof rescoreRecords>>) =>
  Object.values(result.counts).reduce((sum, counts) => sum + counts.created + counts.replaced, 0);

describeDatabases('scores', (open) => {
  it('a receipt verifies after late, corrected and new facts and events, other memberships and another rubric', async () => {
    const { ctx, chance } = await world(await open(), 7, 4);
    const given = await receipts(ctx);
    expect(given.length).toBeGreaterThan(20);
    for (let n = 4; n < 8; n += 1) {
      ctx.advance(DAY_MS);
      await step(ctx, chance, n);
    }
    await changeRubric(ctx);
    const now = await receipts(ctx);
    const moved = given.filter((receipt) =>
      now.some((later) => later.subject_id === receipt.subject_id && later.result.score !== receipt.result.score),
    );
    expect(moved.length).toBeGreaterThan(5);
    for (const receipt of [...given, ...now]) {
      expect(await verifyScore(ctx, { receipt })).toMatchObject({ outcome: 'reproduced', differences: [] });
    }
  }, 120_000);

  it('the score on file carries a receipt that verifies, now and in its history', async () => {
    const { ctx, chance } = await world(await open(), 11, 3);
    await rescoreRecords(ctx, { scope: 'all' });
    for (let n = 3; n < 6; n += 1) {
      ctx.advance(5 * DAY_MS);
      await step(ctx, chance, n);
      await rescoreRecords(ctx, {});
    }
    let replaced = 0;
    for (const { kind, id } of await subjects(ctx)) {
      const view = await getScore(ctx, { kind, record: id });
      expect(view.stored?.receipt.result).toEqual(view.receipt.result);
      replaced += view.history.length;
      for (const { receipt } of [...view.history, ...(view.stored === null ? [] : [view.stored])]) {
        expect((await verifyScore(ctx, { receipt })).outcome).toBe('reproduced');
      }
    }
    expect(replaced).toBeGreaterThan(10);
  }, 120_000);

  it.each([1, 2, 3])(
    'an incremental run leaves what a full run would (story %i)',
    async (seed) => {
      const { ctx, chance } = await world(await open(), 100 + seed, 3);
      await rescoreRecords(ctx, { scope: 'all' });
      let changes = 0;
      for (let n = 3; n < 9; n += 1) {
        ctx.advance(Math.floor(chance() * 9) * DAY_MS);
        if (chance() < 0.7) await step(ctx, chance, n);
        const incremental = await rescoreRecords(ctx, { scope: 'changed' });
        expect(incremental.scope).toBe('changed');
        changes += written(incremental);
        expect(written(await rescoreRecords(ctx, { scope: 'all' }))).toBe(0);
      }
      expect(changes).toBeGreaterThan(20);
    },
    120_000,
  );

  it('a changed receipt is told, with the exact differences', async () => {
    const { ctx } = await world(await open(), 5, 3);
    const { receipt } = await getScore(ctx, { record: 'company-0.example' }).catch(() => getScore(ctx, { record: 'company-1.example' }));
    const forged = { ...receipt, result: { ...receipt.result, score: receipt.result.score + 1 } };
    const verification = await verifyScore(ctx, { receipt: forged });
    expect(verification.outcome).toBe('different');
    expect(verification.differences.map((difference) => difference.what)).toEqual(['digest', 'score']);
    const short = await verifyScore(ctx, { receipt: { ...receipt, result: { ...receipt.result, points: [1] } } });
    expect(short.differences.map((difference) => difference.what)).toEqual(['digest', 'criteria']);
    const unborn = await verifyScore(ctx, { receipt: { ...receipt, known_at: '2020-01-01T00:00:00.000Z' } }).catch(
      (error: unknown) => error,
    );
    expect(unborn).toMatchObject({ code: 'not_found' });
    const late = await verifyScore(ctx, { receipt: { ...receipt, known_at: '2029-01-01T00:00:00.000Z' } });
    expect(late.differences.map((difference) => difference.what)).toContain('known_at');
    await expect(verifyScore(ctx, { receipt: { ...receipt, rubric: '0'.repeat(64) } })).rejects.toMatchObject({ code: 'not_found' });
    await expect(verifyScore(ctx, { receipt: { nonsense: true } })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('score_record writes a change once and keeps what it replaced', async () => {
    const { ctx, chance } = await world(await open(), 21, 4);
    const [first] = await subjects(ctx);
    if (first === undefined) throw new Error('the world is empty');
    expect((await scoreRecord(ctx, { kind: first.kind, record: first.id })).written).toBe(true);
    expect((await scoreRecord(ctx, { kind: first.kind, record: first.id })).written).toBe(false);
    let changes = 0;
    for (let n = 4; n < 10; n += 1) {
      ctx.advance(10 * DAY_MS);
      await step(ctx, chance, n);
      if ((await scoreRecord(ctx, { kind: first.kind, record: first.id })).written) changes += 1;
    }
    expect(changes).toBeGreaterThan(0);
    expect((await getScore(ctx, { kind: first.kind, record: first.id })).history).toHaveLength(changes);
  }, 60_000);

  it('a run in many parts counts what one part would', async () => {
    const { ctx } = await world(await open(), 35, 5);
    const inParts = await rescoreRecords(ctx, { scope: 'all' }, { partSize: 2 });
    const all = await subjects(ctx);
    for (const kind of ['account', 'lead'] as const) {
      const of = all.filter((subject) => subject.kind === kind).length;
      const counts = inParts.counts[kind];
      expect(counts).toMatchObject({ subjects: of, created: of, replaced: 0 });
      expect(Object.values(counts?.tiers ?? {}).reduce((sum, n) => sum + n, 0)).toBe(of);
    }
    const inOne = await rescoreRecords(ctx, { scope: 'all' });
    expect(written(inOne)).toBe(0);
    expect(inOne.counts.account?.tiers).toEqual(inParts.counts.account?.tiers);
  });

  it('scorers that meet at the same records write each score once', async () => {
    const { ctx } = await world(await open(), 37, 5);
    const all = await subjects(ctx);
    const runs = await Promise.all(Array.from({ length: 4 }, () => rescoreRecords(ctx, { scope: 'all' }, { partSize: 3 })));
    expect(runs.reduce((sum, run) => sum + written(run), 0)).toBe(all.length);
    expect(written(await rescoreRecords(ctx, { scope: 'all' }))).toBe(0);
    const { ctx: other } = await world(await open(), 38, 3);
    const [one] = await subjects(other);
    if (one === undefined) throw new Error('the world is empty');
    const scored = await Promise.all(Array.from({ length: 4 }, () => scoreRecord(other, { kind: one.kind, record: one.id })));
    expect(scored.filter((result) => result.written)).toHaveLength(1);
    for (const { view } of scored) expect(view.stored?.receipt.result).toEqual(view.result);
  });

  it('a cancelled run resumes to what an undisturbed one leaves', async () => {
    const { ctx } = await world(await open(), 31, 4);
    const stop = new AbortController();
    const cut: TestContext = { ...ctx, signal: stop.signal, progress: { report: (done) => void (done > 0 && stop.abort()) } };
    const cancelled = await rescoreRecords(cut, { scope: 'all' }, { partSize: 2 }).catch((error: unknown) => error);
    expect(cancelled).toMatchObject({ code: 'cancelled' });
    const run = /resume "([0-9a-f-]{36})"/.exec((cancelled as { next: string }).next)?.[1];
    if (run === undefined) throw new Error('the error does not name the run');
    const resumed = await rescoreRecords(ctx, { resume: run });
    expect(resumed.run).toBe(run);
    const all = await subjects(ctx);
    expect((resumed.counts.account?.subjects ?? 0) + (resumed.counts.lead?.subjects ?? 0)).toBe(all.length);
    expect(written(await rescoreRecords(ctx, { scope: 'all' }))).toBe(0);
    await expect(rescoreRecords(ctx, { resume: run })).rejects.toMatchObject({ code: 'conflict' });
    await expect(rescoreRecords(ctx, { resume: '00000000-0000-4000-8000-000000000000' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('a filter scores only what it picks', async () => {
    const { ctx } = await world(await open(), 41, 4);
    const result = await rescoreRecords(ctx, { kinds: ['account'], where: { field: 'account.industry', eq: 'software' } });
    expect(result.scope).toBe('filter');
    expect(result.counts.account?.subjects).toBeGreaterThan(0);
    expect(result.counts.account?.subjects).toBeLessThan(ACCOUNT_COUNT);
    await expect(rescoreRecords(ctx, { kinds: ['account'], where: { field: 'person.seniority', eq: 'vp' } })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('a simulation says what a rescore under the draft does, and writes nothing', async () => {
    const { ctx } = await world(await open(), 51, 6);
    await rescoreRecords(ctx, { scope: 'all' });
    const before = await receipts(ctx);
    const simulation = await simulateRubric(ctx, { rubric: OTHER_RUBRIC, movers: 100 });
    expect(await receipts(ctx)).toEqual(before);
    expect(written(await rescoreRecords(ctx, { scope: 'all' }))).toBe(0);
    await changeRubric(ctx);
    const after = await receipts(ctx);
    for (const kind of ['account', 'lead'] as const) {
      const simulated = simulation.byKind[kind];
      const tiersOf = (list: Receipt[]) => list.filter((receipt) => receipt.kind === kind).map((receipt) => receipt.result.tier);
      const migration = new Map<string, number>();
      tiersOf(before).forEach((from, i) => {
        const key = `${from} ${tiersOf(after)[i]}`;
        migration.set(key, (migration.get(key) ?? 0) + 1);
      });
      expect(new Map(simulated?.migration.map(({ from, to, n }) => [`${from} ${to}`, n]))).toEqual(migration);
      expect(simulated?.subjects).toBe(tiersOf(before).length);
    }
  });

  it('an unknown field says truly what knowing it would do', async () => {
    const { ctx } = await world(await open(), 61, 5);
    let told = 0;
    for (const { kind, id } of (await subjects(ctx)).filter((subject) => subject.kind === 'account')) {
      const view = await getScore(ctx, { kind, record: id });
      const field = view.unknown.find((unknown) => unknown.field === 'account.employees');
      const name = view.subject.key;
      if (field === undefined || name === null || typeof field.best.value !== 'number') continue;
      told += 1;
      const { importRecords } = await import('../../src/records/import-records.ts');
      await importRecords(ctx, {
        kind: 'accounts',
        source: 'salesforce',
        content: `domain,employees\n${name},${field.best.value}`,
        mapping: { domain: 'account.domain', employees: 'account.employees' },
      });
      const known = await getScore(ctx, { kind, record: id });
      expect(known.result).toMatchObject({ score: field.best.score, tier: field.best.tier });
    }
    expect(told).toBeGreaterThan(0);
  });
});

describe('one story on two databases', () => {
  it('gives byte-identical receipts', async ({ skip }) => {
    if (inject('postgres') === undefined) skip('there is no PostgreSQL in this run');
    const pglite = wrapPglite(await PGlite.create());
    await migrate(pglite);
    const created = await createPostgresDatabase('migrated');
    const postgres = await openPostgres(created.url);
    try {
      const stories = [];
      for (const db of [pglite, postgres]) {
        const { ctx } = await world(db, 77, 6);
        stories.push((await receipts(ctx)).map((receipt) => canonicalJson(receipt)));
      }
      expect(stories[0]?.length).toBeGreaterThan(20);
      expect(stories[0]).toEqual(stories[1]);
    } finally {
      await pglite.close();
      await postgres.close();
      await created.drop();
    }
  }, 120_000);
});
