import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { computeScores } from '../../src/scoring/compute-scores.ts';
import type { Source } from '../../src/scoring/core/subject-sql.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { believedWorld, readLogs, subjectsIn } from '../support/identity-oracle.ts';
import { happen, type Told, turn } from '../support/identity-story.ts';
import { scoreByOracle } from '../support/oracle.ts';

let worlds = 0;

/** A workspace of its own in a database that tests share. */
async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `world-${worlds}` });
  await ensureWorkspace(ctx);
  return ctx;
}

async function definitionsOf(ctx: TestContext) {
  return readWorkspace(ctx, async (tx) => ({
    rubric: await currentDefinition(tx, ctx, 'rubric'),
    sources: (await currentDefinition(tx, ctx, 'taxonomy')).document.sources,
  }));
}

async function clockOf(ctx: TestContext): Promise<string> {
  const [row] = await readWorkspace(ctx, (tx) => tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]));
  return new Date(String(row?.known_at)).toISOString();
}

/** Every score that the SQL gives from a source. */
async function scoresFrom(ctx: TestContext, source: Source, asOfDay: number): Promise<Record<string, unknown>> {
  return readWorkspace(ctx, async (tx) => {
    const rubric = await currentDefinition(tx, ctx, 'rubric');
    const found: Record<string, unknown> = {};
    for (const kind of ['account', 'lead'] as const) {
      const rows = await tx.query(`select id::text from ${kind === 'lead' ? 'person' : kind} where workspace_id = $1`, [ctx.workspaceId]);
      const ids = rows.map((row) => String(row.id));
      for (const { id, result } of await computeScores(tx, ctx, { rubric, kind, ids, asOfDay, source })) found[`${kind} ${id}`] = result;
    }
    return found;
  });
}

/** The projections as they are kept, in the oracle's form. */
async function keptWorld(ctx: TestContext) {
  return readWorkspace(ctx, async (tx) => {
    const rows = (text: string) => tx.query(text, [ctx.workspaceId]);
    const byId = (found: Record<string, unknown>[]) => Object.fromEntries(found.map(({ id, ...rest }) => [String(id), rest]));
    return {
      accounts: byId(await rows('select id::text, fields from account where workspace_id = $1 and merged_into is null')),
      people: byId(await rows('select id::text, fields, account_id::text from person where workspace_id = $1 and merged_into is null')),
      events: byId(
        await rows('select id::text, person_id::text, account_id::text from event where workspace_id = $1 and superseded_at is null'),
      ),
      opportunities: byId(await rows('select id::text, account_id::text from opportunity where workspace_id = $1')),
      entityOf: Object.fromEntries(
        (
          await rows(`select id::text, coalesce(merged_into, id)::text as entity from account where workspace_id = $1
            union all select id::text, coalesce(merged_into, id)::text from person where workspace_id = $1`)
        ).map((row) => [row.id, row.entity]),
      ),
    };
  });
}

function keptForm(world: ReturnType<typeof believedWorld>) {
  return {
    accounts: Object.fromEntries([...world.accounts].map(([id, fields]) => [id, { fields }])),
    people: Object.fromEntries([...world.people].map(([id, { fields, accountId }]) => [id, { fields, account_id: accountId }])),
    events: Object.fromEntries(world.events.map(({ id, personId, accountId }) => [id, { person_id: personId, account_id: accountId }])),
    opportunities: Object.fromEntries([...world.opportunities].map(([id, accountId]) => [id, { account_id: accountId }])),
    entityOf: Object.fromEntries(world.entityOf),
  };
}

const story = fc.tuple(fc.nat(1_000_000), fc.array(turn, { minLength: 2, maxLength: 9 }));

describeDatabases('merged records', (open, dialect) => {
  it('count as what their logs say, today and at any instant before', async () => {
    const db = await open();
    await fc.assert(
      fc.asyncProperty(story, async ([seed, turns]) => {
        const ctx = await newWorld(db);
        const { rubric, sources } = await definitionsOf(ctx);
        const told: Told = { merges: [], imports: 0 };
        const past: { knownAt: string; asOfDay: number; scores: Record<string, unknown> }[] = [];
        await happen(ctx, told, { do: 'import', seed });
        for (const now of turns) {
          await happen(ctx, told, now);
          const asOfDay = dayOf(ctx.now());
          const knownAt = await clockOf(ctx);
          const world = believedWorld(await readLogs(ctx), { knownAt: Date.parse(knownAt), asOfDay, sources });
          expect(await keptWorld(ctx)).toEqual(keptForm(world));
          const expected: Record<string, unknown> = {};
          for (const { id, subject } of subjectsIn(world)) {
            const { score, tier, heat, points, unknown, disqualified } = scoreByOracle(rubric.document, subject, asOfDay);
            expected[`${subject.kind} ${id}`] = { score, tier, heat, points, unknown, disqualified };
          }
          expect(await scoresFrom(ctx, { mode: 'today' }, asOfDay)).toEqual(expected);
          past.push({ knownAt, asOfDay, scores: expected });
        }
        for (const { knownAt, asOfDay, scores } of past)
          expect(await scoresFrom(ctx, { mode: 'history', knownAt, sources }, asOfDay)).toEqual(scores);
      }),
      { numRuns: dialect === 'pglite' ? 12 : 25, seed: 20_260_302 },
    );
  }, 280_000);
});
