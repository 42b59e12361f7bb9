import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { RunningClock } from './core/hand-off-clocks.ts';
import { projectionOf } from './core/log.ts';
import { epoch, readHandOffs } from './read-hand-offs.ts';
import { readSlas } from './read-slas.ts';
import { keptClocks } from './write-clocks.ts';

const BATCH = 1_000;

export interface HandOffVerdict {
  total: number;
  checked: number;
  /** Ids of hand-offs that do not stand where their logs say, or whose kept clocks are not what their logs give. */
  wrong: string[];
  /** Places whose kept count is not the number of hand-offs there. */
  miscounted: number;
  /** Ids of people who have two open hand-offs or more. */
  doubled: string[];
}

const nullableInstant = z.number().nullable();
const rows = z.array(
  z.object({
    id: z.string(),
    ordinal: z.number(),
    stage: z.string(),
    owner: z.string().nullable(),
    waits_for: z.string().nullable(),
    returns_on: z.string().nullable(),
    code: z.string().nullable(),
    sub_reason: z.string().nullable(),
    changed_at: z.number(),
    disposed_at: nullableInstant,
    touched_at: nullableInstant,
    qualified_at: nullableInstant,
    opened_at: nullableInstant,
    closed_at: nullableInstant,
    next_at: z.number(),
    followed_by: z.string().nullable(),
    next_id: z.string().nullable(),
    stays: z.boolean(),
  }),
);
const totalRow = z.tuple([z.object({ total: z.number(), miscounted: z.number() })]);

/**
 * Holds hand-offs against their logs, and the kept counts against the hand-offs. Writes nothing.
 * @param options.most hand-offs that are looked at, from `start` on and round to it again
 */
export async function verifyHandOffs(tx: Tx, ctx: Context, { most, start }: { most: number; start: string }): Promise<HandOffVerdict> {
  const [{ total, miscounted }] = totalRow.parse(await tx.query(COUNTS, [ctx.workspaceId]));
  const doubled = idRows.parse(await tx.query(DOUBLED, [ctx.workspaceId])).map(({ id }) => id);
  const verdict: HandOffVerdict = { total, checked: 0, wrong: [], miscounted, doubled };
  const ranges = [
    ['>=', start, '<=', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['>=', '00000000-0000-0000-0000-000000000000', '<', start],
  ] as const;
  for (const [from, first, to, last] of ranges) {
    let [comparison, after]: [string, string] = [from, first];
    for (let more = true; more && verdict.checked < most; ) {
      ctx.signal.throwIfAborted();
      const limit = Math.min(BATCH, most - verdict.checked);
      const stored = rows.parse(
        await tx.query(
          `select ${STORED} from hand_off h where h.workspace_id = $1 and h.id ${comparison} $2::uuid and h.id ${to} $3::uuid order by h.id limit ${limit}`,
          [ctx.workspaceId, after, last],
        ),
      );
      verdict.wrong.push(...(await wrongOnes(tx, ctx, stored)));
      verdict.checked += stored.length;
      [comparison, after] = ['>', stored.at(-1)?.id ?? after];
      more = stored.length === limit;
    }
  }
  return verdict;
}

const STORED = `h.id::text, h.ordinal, h.stage, h.owner, h.waits_for, h.returns_on, h.code, h.sub_reason, ${epoch('h.changed_at')} as changed_at,
  ${['disposed_at', 'touched_at', 'qualified_at', 'opened_at', 'closed_at', 'next_at'].map((name) => `${epoch(`h.${name}`)} as ${name}`).join(', ')}, h.followed_by::text,
  (select n.id::text from hand_off n where n.workspace_id = h.workspace_id and n.id = h.followed_by and n.handed_at > h.handed_at) as next_id,
  coalesce((select coalesce(a.merged_into, a.id) = coalesce(b.merged_into, b.id) from hand_off n join person a on a.workspace_id = h.workspace_id and a.id = n.person_id
    join person b on b.workspace_id = h.workspace_id and b.id = h.person_id
    where h.stage = 'merged' and n.workspace_id = h.workspace_id and n.id = h.followed_by), false) as stays`;

const idRows = z.array(z.object({ id: z.string() }));

/** People with more than one open hand-off, whichever of the records that count as them have it. */
export const DOUBLED = `select coalesce(p.merged_into, p.id)::text as id from hand_off h join person p on p.workspace_id = $1 and p.id = h.person_id
  where h.workspace_id = $1 and h.closed_at is null group by coalesce(p.merged_into, p.id) having count(*) > 1 order by 1`;

const COUNTS = `with counted as (
    select h.stage, coalesce(h.owner, '') as owner, coalesce(h.source, '') as source, coalesce(h.code, '') as code, count(*) as n
    from hand_off h where h.workspace_id = $1 and h.followed_by is null group by 1, 2, 3, 4)
  select (select count(*) from hand_off h where h.workspace_id = $1) as total,
    (select count(*) from counted full join (select c.stage, c.owner, c.source, c.code, c.total from hand_off_count c where c.workspace_id = $1) kept
       using (stage, owner, source, code) where coalesce(counted.n, 0) <> coalesce(kept.total, 0)) as miscounted`;

async function wrongOnes(tx: Tx, ctx: Context, stored: z.output<typeof rows>): Promise<string[]> {
  const ids = stored.map(({ id }) => id);
  const [found, clocks] = await Promise.all([readHandOffs(tx, ctx, ids), readClocks(tx, ctx, ids)]);
  const slas = await readSlas(tx, ctx, found.values());
  return stored.filter((one) => !isRight(one)).map(({ id }) => id);

  function isRight({
    id,
    ordinal,
    followed_by,
    next_id,
    stays,
    stage,
    owner,
    waits_for,
    returns_on,
    ...rest
  }: z.output<typeof rows>[number]): boolean {
    const handOff = found.get(id);
    if (handOff === undefined || ordinal !== handOff.log.length - 1) return false;
    // what gave way names the hand-off that stays, of the same person, older or younger
    const last = handOff.log.at(-1);
    if (last?.kind === 'merge_away' ? last.into !== followed_by || !stays : followed_by !== next_id) return false;
    try {
      const { state, ...projection } = projectionOf(handOff.lead, handOff.log, slas);
      if (!areKept(projection.clocks(), clocks.get(id) ?? [])) return false;
      const { decided: _, ...standing } = state;
      return (
        Object.entries({ stage, owner, waits_for, returns_on }).every(([key, value]) => standing[key as keyof typeof standing] === value) &&
        Object.entries(rest).every(([key, value]) => projection[key as keyof typeof projection] === value)
      );
    } catch {
      // a log that cannot be
      return false;
    }
  }
}

const clockRows = z.array(
  z.object({
    id: z.string(),
    clock: z.string(),
    started: z.number(),
    due: nullableInstant,
    ended: nullableInstant,
    elapsed: z.number().nullable(),
    settles: nullableInstant,
  }),
);
type KeptClock = Omit<z.output<typeof clockRows>[number], 'id'>;

async function readClocks(tx: Tx, ctx: Context, ids: readonly string[]): Promise<Map<string, KeptClock[]>> {
  const instants = { started: 'started_at', due: 'due_at', ended: 'ended_at', settles: 'settles_at' };
  const params = new SqlParams();
  const found = await tx.query(
    `select c.hand_off_id::text as id, c.clock, c.elapsed_ms as elapsed,
       ${Object.entries(instants)
         .map(([name, column]) => `${epoch(`c.${column}`)} as ${name}`)
         .join(', ')}
     from hand_off_clock c where c.workspace_id = ${params.add(ctx.workspaceId)} and c.hand_off_id = any(${params.uuids(ids)})`,
    params.values,
  );
  const byId = new Map<string, KeptClock[]>();
  for (const { id, ...clock } of clockRows.parse(found)) byId.set(id, [...(byId.get(id) ?? []), clock]);
  return byId;
}

function areKept(given: readonly RunningClock[], stored: readonly KeptClock[]): boolean {
  const started = keptClocks(given).filter((clock) => clock.started !== null);
  const kept = new Map(stored.map((clock) => [clock.clock, clock]));
  return (
    started.length === stored.length &&
    started.every((clock) => {
      const row = kept.get(clock.clock);
      return row !== undefined && Object.entries(clock).every(([key, value]) => row[key as keyof KeptClock] === value);
    })
  );
}
