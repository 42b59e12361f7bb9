import { z } from 'zod';
import { enterWorkspace } from '../db/table-rows.ts';
import { verifyAuditIn } from '../db/verify-audit.ts';
import { verifyDefinitions } from '../definitions/verify-definitions.ts';
import { verifyHandOffLogs } from '../handoff/verify-hand-off-logs.ts';
import { verifyHandOffs } from '../handoff/verify-hand-offs.ts';
import { verifySegmentRules } from '../handoff/verify-segment-rules.ts';
import { sha256 } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type Compared, compareProjections } from '../records/compare-projections.ts';
import { verifyFrozen } from '../review/verify-frozen.ts';
import { verifyReceipts } from '../scoring/verify-receipts.ts';
import { type Finding, ok, problem, RESTORE, warning } from './core/finding.ts';
import type { Depth } from './patient.ts';

const number = (n: number) => n.toLocaleString('en-US');
const countsRow = z.tuple([z.object({ accounts: z.number(), people: z.number(), events: z.number(), scores: z.number() })]);

/** Whether there is such a workspace, and how large it is. */
export async function examineContents(tx: Tx, ctx: Context): Promise<Finding> {
  await enterWorkspace(tx, ctx.workspaceId);
  const [row] = await tx.query('select 1 from workspace where workspace_id = $1', [ctx.workspaceId]);
  if (row === undefined) {
    return warning(
      'workspace',
      `there is no workspace ${ctx.workspaceId} yet`,
      'samepage-mcp definitions list (any start makes it), or set SAMEPAGE_WORKSPACE',
    );
  }
  const [{ accounts, people, events, scores }] = countsRow.parse(
    await tx.query(
      `select (select count(*) from account where workspace_id = $1 and merged_into is null) as accounts,
         (select count(*) from person where workspace_id = $1 and merged_into is null) as people,
         (select count(*) from event where workspace_id = $1 and superseded_at is null) as events, (select count(*) from score where workspace_id = $1) as scores`,
      [ctx.workspaceId],
    ),
  );
  return ok(
    'workspace',
    `${ctx.workspaceId}: ${number(accounts)} accounts, ${number(people)} people, ${number(events)} events, ${number(scores)} scores`,
  );
}

export async function examineDefinitions(tx: Tx, ctx: Context): Promise<Finding> {
  const { versions, wrong } = await verifyDefinitions(tx, ctx);
  if (wrong.length === 0) return ok('definitions', `${number(versions)} versions are what their hashes name`);
  return problem('definitions', wrong.join('; '), RESTORE);
}

export async function examineAudit(tx: Tx, ctx: Context): Promise<Finding> {
  const { entries, broken } = await verifyAuditIn(tx, ctx.workspaceId);
  if (broken === undefined) return ok('audit', `${number(entries)} entries, the chain is whole`);
  return problem('audit', `entry ${broken.seq} is ${broken.reason}: somebody changed the log`, RESTORE);
}

/** What `sampleOf` reads: the workspace, where the sample begins, and its size. */
const sampleParams = (ctx: Context, depth: Depth) => [ctx.workspaceId, placeFor(depth.seed), depth.rows];

/** So many rows of a table, from a place among its keys on and round to it again, as a FROM item; all of them need no order. */
function sampleOf({ rows }: Depth, table: string, key: string, columns: string): string {
  // a parameter that nothing reads has no type
  if (rows === Number.MAX_SAFE_INTEGER)
    return `(select ${columns} from ${table} where workspace_id = $1 and $2::uuid is not null and $3::bigint > 0) s`;
  const part = (bound: string) =>
    `(select ${columns} from ${table} where workspace_id = $1 and ${key} ${bound} $2::uuid order by ${key} limit $3::bigint)`;
  return `(select * from (${part('>=')} union all ${part('<')}) around limit $3::bigint) s`;
}

/** That samples were looked at, where a table has more. */
function sampleText(depth: Depth, looked: readonly { rows: number }[]): string {
  return looked.some(({ rows }) => rows >= depth.rows) ? ` (samples of ${number(depth.rows)} rows; --full looks at all)` : '';
}

/** What is learned, and the key by which some of its rows are a fair sample of all. */
const LEARNED = { hand_off_event: 'hand_off_id', identity_decision: 'id', observation: 'entity_id', source_record: 'id' } as const;

const learnedRows = z.array(z.object({ name: z.string(), at: z.string().nullable(), late: z.boolean().nullable(), rows: z.number() }));
const dayRow = z.tuple([z.object({ rows: z.number(), astray: z.number() })]);

/** The two times of what was recorded: nothing was learned after what the workspace says that it knows, and each event counts on its day. */
export async function examineTimes(tx: Tx, ctx: Context, depth: Depth): Promise<Finding> {
  const params = sampleParams(ctx, depth);
  const sampled = Object.entries(LEARNED).map(
    ([table, key]) =>
      `select '${table}' as name, max(recorded_at) as at, count(*) as rows from ${sampleOf(depth, table, key, 'recorded_at')}`,
  );
  // of events an index knows the latest
  const latest = `select 'event' as name, max(recorded_at) as at, 0 as rows from event where workspace_id = $1`;
  const learned = learnedRows.parse(
    await tx.query(
      `select l.name, l.at::text, l.at > w.known_at as late, l.rows
       from (${[latest, ...sampled].join(' union all ')}) l join workspace w on w.workspace_id = $1 order by 1`,
      params,
    ),
  );
  const [days] = dayRow.parse(
    await tx.query(
      `select count(*) as rows, count(*) filter (where occurred_day <> floor(extract(epoch from occurred_at) / 86400)) as astray
       from ${sampleOf(depth, 'event', 'id', 'occurred_day, occurred_at')}`,
      params,
    ),
  );
  const looked = sampleText(depth, [...learned, days]);
  const wrong = learned
    .filter(({ late }) => late === true)
    .map(({ name, at }) => `a row of ${name} was recorded at ${at}, after the workspace's known_at`);
  if (days.astray > 0) wrong.push(`${number(days.astray)} events count on another day than that on which they occurred`);
  if (wrong.length > 0) return problem('times', `${wrong.join('; ')}${looked}`, RESTORE);
  return ok('times', `nothing was learned after what the workspace knows; every event is on its day${looked}`);
}

const doubleRows = z.array(z.object({ what: z.string().nullable(), id: z.string().nullable(), rows: z.number() }));

/** Beliefs that cannot both be: a person in two accounts, a domain of two. */
export async function examineBeliefs(tx: Tx, ctx: Context, depth: Depth): Promise<Finding> {
  const found = doubleRows.parse(
    await tx.query(
      `with looked as materialized (select id, superseded_at from ${sampleOf(depth, 'event', 'id', 'id, superseded_at')}), double as (
         select 'person' as what, person_id::text as id from person_account where workspace_id = $1 and believed_to is null group by person_id having count(*) > 1
         union all select 'domain', domain from account_domain where workspace_id = $1 and believed_to is null group by domain having count(*) > 1
         union all select kind || ' node', node_id::text from identity_member where workspace_id = $1 and believed_to is null group by kind, node_id having count(*) > 1
         union all select 'event', id::text from looked where superseded_at is null group by id having count(*) > 1
         order by 1, 2 limit 5)
       select d.what, d.id, l.rows from (select count(*) as rows from looked) l left join double d on true order by 1, 2`,
      sampleParams(ctx, depth),
    ),
  );
  const looked = sampleText(depth, found);
  const doubles = found.flatMap(({ what, id }) => (what === null ? [] : [`${what} ${id}`]));
  if (doubles.length === 0) return ok('memberships', `no person, domain or event counts twice${looked}`);
  return problem('memberships', `counted twice: ${doubles.join(', ')}${looked}`, RESTORE);
}

/** The projections against what their logs give. */
export async function examineProjections(tx: Tx, ctx: Context, depth: Depth): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const compared of compareProjections(tx, ctx, { most: depth.rows, start: placeFor(depth.seed) }))
    findings.push(findingOf(compared));
  return findings;
}

function findingOf({ projection, total, checked, wrong }: Compared): Finding {
  const looked =
    checked === total ? `${number(total)} rows` : `a sample of ${number(checked)} of ${number(total)} rows (--full looks at all)`;
  if (wrong.length === 0) return ok(projection, `${looked}, as their logs give them`);
  const examples = wrong.slice(0, 3).join(', ');
  return problem(
    projection,
    `${number(wrong.length)} of ${looked} are not what their logs give: ${examples}`,
    'samepage-mcp doctor --repair, then samepage-mcp rescore --all',
  );
}

/** Hand-offs against their logs, and how many stand where. */
export async function examineHandOffs(tx: Tx, ctx: Context, depth: Depth): Promise<Finding> {
  const broken = await verifyHandOffLogs(tx, ctx);
  if (broken.length > 0) {
    return problem('hand_off', `of ${number(broken.length)} the log is not whole: ${broken.slice(0, 3).join(', ')}`, RESTORE);
  }
  const { total, checked, wrong, miscounted, doubled } = await verifyHandOffs(tx, ctx, { most: depth.rows, start: placeFor(depth.seed) });
  if (total === 0) return ok('hand_off', 'nobody was handed off');
  const looked = checked === total ? `all ${number(total)}` : `a sample of ${number(checked)} of ${number(total)} (--full looks at all)`;
  const counts = miscounted === 0 ? '' : `; ${number(miscounted)} kept counts are not what is there`;
  if (wrong.length === 0 && miscounted === 0) {
    if (doubled.length === 0) return ok('hand_off', `${looked} stand where their logs say`);
    return problem(
      'hand_off',
      `${doubled.length === 1 ? '1 person has' : `${number(doubled.length)} people have`} more than one open hand-off: ${doubled.slice(0, 3).join(', ')}`,
      'samepage-mcp doctor --repair: one of each stays',
    );
  }
  return problem(
    'hand_off',
    `${number(wrong.length)} of ${looked} do not stand where their logs say${wrong.length === 0 ? '' : `: ${wrong.slice(0, 3).join(', ')}`}${counts}`,
    RESTORE,
  );
}

/** Segment rules against the moves that led to them. */
export async function examineSegmentRules(tx: Tx, ctx: Context): Promise<Finding> {
  const { total, wrong } = await verifySegmentRules(tx, ctx);
  if (wrong.length === 0) return ok('segments', `${number(total)} segment rules stand where their logs say`);
  return problem(
    'segments',
    `${number(wrong.length)} of ${number(total)} segment rules do not stand where their logs say: ${wrong.slice(0, 3).join(', ')}`,
    RESTORE,
  );
}

/** What was published is what was published. */
export async function examineReviews(tx: Tx, ctx: Context): Promise<Finding> {
  const { total, wrong, lost } = await verifyFrozen(tx, ctx);
  if (wrong.length + lost.length === 0)
    return ok('reviews', total === 0 ? 'no review is frozen' : `${number(total)} frozen reviews are as they were frozen`);
  const some = (names: readonly string[], what: string) =>
    names.length === 0 ? [] : [`${number(names.length)} ${what}: ${names.slice(0, 3).join(', ')}`];
  const changed = some(wrong, `of ${number(total)} frozen reviews were changed since`);
  return problem('reviews', [...changed, ...some(lost, 'that were frozen are gone')].join('; '), RESTORE);
}

/** A place among the ids that hangs on the seed alone. */
function placeFor(seed: string): string {
  const hex = sha256(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export async function examineReceipts(tx: Tx, ctx: Context, depth: Depth): Promise<Finding> {
  const selection =
    depth.receipts === undefined ? { which: 'all' as const } : { which: 'sample' as const, each: depth.receipts, seed: depth.seed };
  const { total, checked, different, examples } = await verifyReceipts(tx, ctx, selection);
  if (total === 0) return ok('receipts', 'no scores are on file');
  const looked = checked === total ? `all ${number(total)}` : `a sample of ${number(checked)} of ${number(total)} (--full looks at all)`;
  if (different === 0) return ok('receipts', `${looked} reproduced`);
  const [first] = examples;
  const example = first === undefined ? '' : `; the ${first.kind} ${first.subject_id}: ${first.what}`;
  return problem('receipts', `${number(different)} of ${looked} are not reproduced${example}`, RESTORE);
}
