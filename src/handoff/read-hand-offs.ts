import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { ClockedLead } from './core/clock.ts';
import type { LogEntry } from './core/log.ts';
import { BARE_MOVES, STAGES, type Stage } from './core/moves.ts';

/** What was so of a lead when it was handed off: it never changes. */
export interface Frozen {
  id: string;
  person_id: string;
  account_id: string | null;
  /** Epoch milliseconds. */
  handed_at: number;
  lead: ClockedLead;
  /** The sides by which rejections are compared, by id of the taxonomy's `compare_by`. */
  facts: Record<string, unknown>;
  sla: string;
  taxonomy: string;
  /** Where the owner was found, or it waits for one. */
  pool: string | null;
  override: string | null;
}

/** Where a hand-off is counted; one that another followed is counted nowhere. */
export interface Cell {
  stage: Stage;
  owner: string | null;
  source: string | null;
  code: string | null;
}

export interface StoredHandOff extends Frozen {
  person: { id: string; name: string | null; email: string | null };
  account_name: string | null;
  /** The hand-off of the same person that came next, or stays in its place. */
  followed_by: string | null;
  cell: Cell | null;
  /** In the order in which it was written. */
  log: LogEntry[];
}

const stage = z.enum(STAGES);
const waitsFor = z.enum(['assignment', 'enrichment', 'merge']).nullable();
const text = z.string().nullable();
const base = { at: z.number(), sla: z.string() };
const logEntry = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('hand_off'), owner: text }),
  z.object({ ...base, kind: z.literal('assign'), owner: z.string() }),
  z.object({
    ...base,
    kind: z.literal('reject'),
    code: z.string(),
    sub_reason: text,
    rerouted: z.boolean(),
    outcome: z.object({ stage: stage.extract(['mql', 'inquiry', 'recycled', 'disqualified']), waits_for: waitsFor, returns_on: text }),
  }),
  z.object({
    ...base,
    kind: z.literal('merge_away'),
    into: z.string(),
  }),
  z.object({
    ...base,
    kind: z.enum([...BARE_MOVES, 'meeting']),
  }),
  z.object({ ...base, kind: z.literal('attempt'), type: z.string(), reached: z.boolean() }),
  z.object({ ...base, kind: z.literal('pause'), reason: z.string(), until: z.number().nullable() }),
  z.object({ ...base, kind: z.literal('resume'), reason: z.string() }),
]);

const rows = z.array(
  z.object({
    key: z.string(),
    id: z.string(),
    person_id: z.string(),
    name: text,
    email: text,
    account_id: text,
    account_name: text,
    handed_at: z.number(),
    source: text,
    tier: text,
    holds: z.array(z.string()),
    calendar: text,
    facts: z.record(z.string(), z.unknown()),
    sla: z.string(),
    taxonomy: z.string(),
    pool: text,
    override: text,
    followed_by: text,
    stage,
    owner: text,
    code: text,
    log: z.array(logEntry),
  }),
);

/**
 * Hand-offs with their logs, in one statement, by the key that named each. Whoever writes them holds the workspace's row, so that nobody else
 * changes them meanwhile.
 * @param keys of hand-offs, or of people: then the one in which the person stands, whichever of those who were merged into them had it; the open
 *   one if there is one, else the last
 */
export async function readHandOffs(tx: Tx, ctx: Context, keys: readonly string[]): Promise<Map<string, StoredHandOff>> {
  if (keys.length === 0) return new Map();
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const named = `coalesce((select i.id from hand_off i where i.workspace_id = ${ws} and i.id = k.key),
    (select i.id from (select k.key as node_id union select im.node_id from identity_member im
         where im.workspace_id = ${ws} and im.kind = 'person' and im.entity_id = k.key and im.believed_to is null) n
       cross join lateral (select o.id, o.handed_at, o.closed_at is null as is_open, o.followed_by is null as stands from hand_off o
         where o.workspace_id = ${ws} and o.person_id = n.node_id order by 3 desc, 4 desc, 2 desc limit 1) i
       order by i.is_open desc, i.stands desc, i.handed_at desc, i.id limit 1))`;
  const text = `select k.key::text, h.id::text, h.person_id::text, p.name, p.email, h.account_id::text, a.name as account_name,
      ${epoch('h.handed_at')} as handed_at, h.source, h.tier, h.holds, h.calendar, h.facts, h.sla, h.taxonomy, h.pool, h.override,
      h.followed_by::text, h.stage, h.owner, h.code,
      (select jsonb_agg(e.detail || jsonb_build_object('kind', e.kind, 'at', ${epoch('e.at')}, 'sla', e.sla) order by e.ordinal)
       from hand_off_event e where e.workspace_id = ${ws} and e.hand_off_id = h.id) as log
    from unnest(${params.uuids([...new Set(keys)])}) k(key)
    cross join lateral (select x.* from hand_off x where x.workspace_id = ${ws} and x.id = ${named} offset 0) h
    left join lateral (select x.name, x.email from person x where x.workspace_id = ${ws} and x.id = h.person_id offset 0) p on true
    left join lateral (select x.name from account x where x.workspace_id = ${ws} and x.id = h.account_id offset 0) a on true`;
  const found = rows.parse(await tx.query(text, params.values, { prepare: true }));
  return new Map(found.map((row) => [row.key, storedOf(row)]));
}

/** Milliseconds since 1970, as a number. */
export const epoch = (instant: string) => `(extract(epoch from ${instant}) * 1000)::float8`;

function storedOf(row: z.output<typeof rows>[number]): StoredHandOff {
  const { key: _, name, email, source, tier, holds, calendar, stage: at, owner, code, ...rest } = row;
  return {
    ...rest,
    person: { id: row.person_id, name, email },
    lead: { source, tier, holds: new Set(holds), calendar },
    cell: row.followed_by === null ? { stage: at, owner, source, code } : null,
  };
}
