import { z } from 'zod';
import type { Definition } from '../definitions/core/definition.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import { definitionByVersion } from '../definitions/definition-by-hash.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { computeScores } from './compute-scores.ts';
import { scoreResult } from './core/receipt.ts';

/** Which of the scores on file: all, or so many of the newest, of the oldest, and by a seed from among all. */
export type ReceiptSelection = { which: 'all' } | { which: 'sample'; each: number; seed: string };

export interface ReceiptsVerdict {
  /** Scores on file, those that were replaced among them. */
  total: number;
  checked: number;
  different: number;
  /** The first that differ. */
  examples: { kind: 'account' | 'lead'; subject_id: string; known_at: string; what: string }[];
}

const BATCH = 1_000;
/** So few subjects in a statement that the planner goes to the events of each by an index, however many there are in all. */
const SLICE = 100;
const MOST_EXAMPLES = 5;

const storedRow = scoreResult.extend({
  kind: z.enum(['account', 'lead']),
  subject_id: z.string(),
  rubric_version: z.number(),
  taxonomy_version: z.number(),
  as_of_day: z.number(),
  known_at: z.string(),
});
type Stored = z.infer<typeof storedRow>;

const COLUMNS = 'kind, subject_id, rubric_version, taxonomy_version, as_of_day, known_at, score, tier, heat, points, unknown, disqualified';
const ALL = `(select ${COLUMNS} from score where workspace_id = $1 union all select ${COLUMNS} from score_history where workspace_id = $1)`;
/** Scores of one point of view stand together, so that a statement recomputes many. */
const POINT = 'known_at, as_of_day, rubric_version, taxonomy_version, kind';

/**
 * Recomputes scores on file from the logs, as `verify_score` does for one receipt, many at a time. `tx` has named the
 * workspace; it may be the transaction that has just written them.
 */
export async function verifyReceipts(tx: Tx, ctx: Context, selection: ReceiptSelection): Promise<ReceiptsVerdict> {
  const [count] = z.array(z.object({ n: z.number() })).parse(await tx.query(`select count(*) as n from ${ALL} s`, [ctx.workspaceId]));
  const verdict: ReceiptsVerdict = { total: count?.n ?? 0, checked: 0, different: 0, examples: [] };
  const toCheck = selection.which === 'all' ? verdict.total : Math.min(verdict.total, selection.each * 3);
  const rows = selection.which === 'all' ? ALL : sampleSql(selection);
  const parameters = selection.which === 'all' ? [ctx.workspaceId] : [ctx.workspaceId, selection.seed];
  await tx.query(
    `declare receipts no scroll cursor for
     select kind, subject_id::text, rubric_version, taxonomy_version, as_of_day,
       to_char(known_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as known_at,
       score, tier, heat, to_jsonb(points) as points, unknown, disqualified
     from ${rows} s order by ${POINT}, subject_id`,
    parameters,
  );
  try {
    for (;;) {
      ctx.signal.throwIfAborted();
      const batch = z.array(storedRow).parse(await tx.query(`fetch ${BATCH} from receipts`));
      for (const group of byPoint(batch)) await verifyGroup(tx, ctx, group, verdict);
      ctx.progress.report(verdict.checked, Math.max(toCheck, verdict.checked), 'receipts verified');
      if (batch.length < BATCH) return verdict;
    }
  } finally {
    await tx.query('close receipts').catch(() => {});
  }
}

function sampleSql({ each }: Extract<ReceiptSelection, { which: 'sample' }>): string {
  const pick = (order: string) => `(select s.* from ${ALL} s order by ${order} limit ${Math.trunc(each)})`;
  const seeded = `md5($2::text || subject_id::text || known_at::text)`;
  return `(${pick('known_at desc, subject_id')} union ${pick('known_at, subject_id')} union ${pick(`${seeded}, kind`)})`;
}

function byPoint(rows: readonly Stored[]): Stored[][] {
  const groups = new Map<string, Stored[]>();
  for (const row of rows) {
    const key = [row.known_at, row.as_of_day, row.rubric_version, row.taxonomy_version, row.kind].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap(slices);
}

function slices(group: readonly Stored[]): Stored[][] {
  return Array.from({ length: Math.ceil(group.length / SLICE) }, (_, i) => group.slice(i * SLICE, (i + 1) * SLICE));
}

async function verifyGroup(tx: Tx, ctx: Context, group: readonly Stored[], verdict: ReceiptsVerdict): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const differs = (row: Stored, what: string) => {
    verdict.different += 1;
    if (verdict.examples.length < MOST_EXAMPLES)
      verdict.examples.push({ kind: row.kind, subject_id: row.subject_id, known_at: row.known_at, what });
  };
  verdict.checked += group.length;
  const definitions = await definitionsOf(tx, ctx, first);
  if ('missing' in definitions) {
    for (const row of group) differs(row, definitions.missing);
    return;
  }
  const { rubric, taxonomy } = definitions;
  const computed = await computeScores(tx, ctx, {
    rubric,
    kind: first.kind,
    ids: group.map((row) => row.subject_id),
    asOfDay: first.as_of_day,
    source: { mode: 'history', knownAt: first.known_at, policy: taxonomy.document },
  });
  const results = new Map(computed.map(({ id, result }) => [id, result]));
  for (const row of group) {
    const now = results.get(row.subject_id);
    const { score, tier, heat, points, unknown, disqualified } = row;
    if (now === undefined) differs(row, 'the subject was not known then');
    else if (taxonomy.version !== row.taxonomy_version) differs(row, 'another taxonomy was in use then');
    else if (canonicalJson(now) !== canonicalJson({ score, tier, heat, points, unknown, disqualified }))
      differs(row, now.score === score ? 'its parts come out otherwise' : `the score comes out as ${now.score}, not ${score}`);
  }
}

async function definitionsOf(
  tx: Tx,
  ctx: Context,
  row: Stored,
): Promise<{ rubric: Definition<'rubric'>; taxonomy: Definition<'taxonomy'> } | { missing: string }> {
  try {
    const rubric = await definitionByVersion(tx, ctx, 'rubric', row.rubric_version);
    return { rubric, taxonomy: await currentDefinition(tx, ctx, 'taxonomy', new Date(row.known_at)) };
  } catch (error) {
    if (error instanceof SamepageError && error.code === 'not_found') return { missing: 'its rubric or taxonomy is missing' };
    throw error;
  }
}
