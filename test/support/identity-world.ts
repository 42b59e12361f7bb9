import { readWorkspace } from '../../src/db/workspace.ts';
import type { Rubric } from '../../src/definitions/core/rubric.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import type { Database } from '../../src/kernel/database.ts';
import { computeScores } from '../../src/scoring/compute-scores.ts';
import type { Source } from '../../src/scoring/core/subject-sql.ts';
import { newWorkspace, type TestContext } from './context.ts';
import { workspaceRows } from './digest.ts';
import { type believedWorld, subjectsIn } from './identity-oracle.ts';
import { happen, type Told } from './identity-story.ts';
import { scoreByOracle } from './oracle.ts';

export async function definitionsOf(ctx: TestContext) {
  return readWorkspace(ctx, async (tx) => ({
    rubric: await currentDefinition(tx, ctx, 'rubric'),
    policy: (await currentDefinition(tx, ctx, 'taxonomy')).document,
  }));
}

export async function clockOf(ctx: TestContext): Promise<string> {
  const [row] = await readWorkspace(ctx, (tx) => tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]));
  return new Date(String(row?.known_at)).toISOString();
}

/** Every score that the SQL gives from a source. */
export async function scoresFrom(ctx: TestContext, source: Source, asOfDay: number, document?: Rubric): Promise<Record<string, unknown>> {
  return readWorkspace(ctx, async (tx) => {
    const current = await currentDefinition(tx, ctx, 'rubric');
    const rubric = { ...current, document: document ?? current.document };
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
export async function keptWorld(ctx: TestContext) {
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

export function keptForm(world: ReturnType<typeof believedWorld>) {
  return {
    accounts: Object.fromEntries([...world.accounts].map(([id, fields]) => [id, { fields }])),
    people: Object.fromEntries([...world.people].map(([id, { fields, accountId }]) => [id, { fields, account_id: accountId }])),
    events: Object.fromEntries(world.events.map(({ id, personId, accountId }) => [id, { person_id: personId, account_id: accountId }])),
    opportunities: Object.fromEntries([...world.opportunities].map(([id, accountId]) => [id, { account_id: accountId }])),
    entityOf: Object.fromEntries(world.entityOf),
  };
}

/** What the plain scorer gives for everyone. */
export function expectedScores(world: ReturnType<typeof believedWorld>, document: Rubric, asOfDay: number): Record<string, unknown> {
  const expected: Record<string, unknown> = {};
  for (const { id, subject } of subjectsIn(world)) {
    const { score, tier, heat, points, unknown, disqualified } = scoreByOracle(document, subject, asOfDay);
    expected[`${subject.kind} ${id}`] = { score, tier, heat, points, unknown, disqualified };
  }
  return expected;
}

export const BY = { by: 'person' as const };
export const MODEL = { by: 'model' as const, model: 'test 1' };
/** What only grows, and when something changed; who counted as whom before is a log as well. */
const LOGS = [
  'audit_entry',
  'workspace',
  'identity_decision',
  'identity_side',
  'identity_member',
  'rescore_run',
  'rescore_part',
  'score_history',
  // a hand-off gives way and comes back, and marketing hears of both
  'hand_off_event',
  'outbox_event',
  // made by the first look-up that needs them
  'block_key',
  'identity_index',
];

/** Every row that is derived, without the times at which it was. */
export async function derivedState(ctx: TestContext): Promise<Record<string, string[]>> {
  const rows = await workspaceRows(ctx, { without: LOGS });
  const plain = (row: string) => row.replace(/"(changed_at|known_at|as_of_day)":("[^"]*"|\d+),?/g, '');
  // how long its log is, and when that is looked at again
  const unlogged = (row: string) => row.replace(/"(ordinal|look_at)":("[^"]*"|\d+|null),?/g, '');
  return Object.fromEntries(
    Object.entries(rows).map(([table, some]) => [table, some.map((row) => plain(table === 'hand_off' ? unlogged(row) : row)).sort()]),
  );
}

/** A workspace with a few imports behind it. */
export async function storyWorld(db: Database, seed: number, imports = 3): Promise<{ ctx: TestContext; told: Told }> {
  const ctx = await newWorkspace(db);
  const told: Told = { merges: [], verdicts: [], imports: 0 };
  for (let i = 0; i < imports; i += 1) await happen(ctx, told, { do: 'import', seed: seed + i });
  return { ctx, told };
}
