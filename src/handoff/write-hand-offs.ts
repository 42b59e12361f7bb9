import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import { shown } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { LogEntry, Projection } from './core/log.ts';
import type { Cell, Frozen } from './read-hand-offs.ts';
import { writeClocks } from './write-clocks.ts';

/** Who made an entry of a log, and what the event keeps beside what its log needs: a note, an outcome. */
export interface NewEvent {
  ctx: Context;
  detail: Readonly<Record<string, unknown>>;
}

/** A hand-off as it is written. */
export interface WrittenHandOff extends Frozen {
  followed_by: string | null;
  /** With what is new. */
  log: readonly LogEntry[];
  projection: Projection;
  /** Where it was counted before; null: nowhere. */
  counted: Cell | null;
  /** Of the last entries of the log: they are new. */
  added: readonly NewEvent[];
}

/** Writes hand-offs as they stand now, what happened to them, their clocks, and how many stand where; each hand-off once. */
export async function writeHandOffs(tx: Tx, ctx: Context, handOffs: readonly WrittenHandOff[], recordedAt: Date): Promise<void> {
  const changed = handOffs.filter(({ added }) => added.length > 0);
  await Promise.all([
    writeStanding(tx, ctx, handOffs),
    writeEvents(tx, ctx, handOffs, recordedAt),
    writeClocks(
      tx,
      ctx,
      changed.map(({ id, lead, projection }) => ({ id, source: lead.source, clocks: projection.clocks() })),
    ),
    writeCounts(tx, ctx, handOffs),
  ]);
}

/** Where a hand-off is counted now. */
function cellOf({ followed_by, projection: { state, code }, lead }: WrittenHandOff): Cell | null {
  return followed_by === null ? { stage: state.stage, owner: state.owner, source: lead.source, code } : null;
}

const MUTABLE = [
  ...['followed_by', 'ordinal', 'changed_at', 'stage', 'owner', 'waits_for', 'returns_on', 'code', 'sub_reason', 'disposed_at'],
  ...['touched_at', 'qualified_at', 'opened_at', 'closed_at', 'next_at'],
];

async function writeStanding(tx: Tx, ctx: Context, handOffs: readonly WrittenHandOff[]): Promise<void> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const of = (value: (one: WrittenHandOff) => string | null) => handOffs.map(value);
  const columns = {
    id: ['uuid', of(({ id }) => id)],
    person_id: ['uuid', of(({ person_id }) => person_id)],
    account_id: ['uuid', of(({ account_id }) => account_id)],
    handed_at: ['timestamptz', of(({ handed_at }) => isoInstant(handed_at))],
    source: ['text', of(({ lead }) => lead.source)],
    tier: ['text', of(({ lead }) => lead.tier)],
    holds: ['jsonb', of(({ lead }) => JSON.stringify([...lead.holds]))],
    facts: ['jsonb', of(({ facts }) => JSON.stringify(facts))],
    sla: ['text', of(({ sla }) => sla)],
    taxonomy: ['text', of(({ taxonomy }) => taxonomy)],
    pool: ['text', of(({ pool }) => pool)],
    calendar: ['text', of(({ lead }) => lead.calendar)],
    override: ['text', of(({ override }) => override)],
    followed_by: ['uuid', of(({ followed_by }) => followed_by)],
    ordinal: ['int', of(({ log }) => String(log.length - 1))],
    changed_at: ['timestamptz', of(({ projection }) => isoInstant(projection.changed_at))],
    stage: ['text', of(({ projection }) => projection.state.stage)],
    owner: ['text', of(({ projection }) => projection.state.owner)],
    waits_for: ['text', of(({ projection }) => projection.state.waits_for)],
    returns_on: ['text', of(({ projection }) => projection.state.returns_on)],
    code: ['text', of(({ projection }) => projection.code)],
    sub_reason: ['text', of(({ projection }) => projection.sub_reason)],
    disposed_at: ['timestamptz', of(({ projection }) => isoInstant(projection.disposed_at))],
    touched_at: ['timestamptz', of(({ projection }) => isoInstant(projection.touched_at))],
    qualified_at: ['timestamptz', of(({ projection }) => isoInstant(projection.qualified_at))],
    opened_at: ['timestamptz', of(({ projection }) => isoInstant(projection.opened_at))],
    closed_at: ['timestamptz', of(({ projection }) => isoInstant(projection.closed_at))],
    next_at: ['timestamptz', of(({ projection }) => isoInstant(projection.next_at))],
  } as const;
  const names = Object.keys(columns);
  // a conflict is found by the key's index, whatever is believed of the table's size
  await tx.query(
    `insert into hand_off (workspace_id, ${names.join(', ')}) select ${ws}, ${names.map((name) => `r.${name}`).join(', ')} from ${params.rows('r', columns)}
     on conflict (workspace_id, id) do update set look_at = null, ${MUTABLE.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    params.values,
    { prepare: true },
  );
}

async function writeEvents(tx: Tx, ctx: Context, handOffs: readonly WrittenHandOff[], recordedAt: Date): Promise<void> {
  const events = handOffs.flatMap(({ id, log, added }) => {
    const first = log.length - added.length;
    return log.slice(first).flatMap((entry, i) => added.slice(i, i + 1).map((event) => ({ id, ordinal: first + i, entry, ...event })));
  });
  if (events.length === 0) return;
  const params = new SqlParams();
  const of = (value: (one: (typeof events)[number]) => string) => events.map(value);
  await tx.query(
    `insert into hand_off_event (workspace_id, hand_off_id, ordinal, at, recorded_at, actor, kind, sla, detail)
     select ${params.add(ctx.workspaceId)}, r.hand_off_id, r.ordinal, r.at, ${params.add(recordedAt.toISOString())}::timestamptz, r.actor, r.kind, r.sla, r.detail
     from ${params.rows('r', {
       hand_off_id: ['uuid', of(({ id }) => id)],
       ordinal: ['int', of(({ ordinal }) => String(ordinal))],
       at: ['timestamptz', of(({ entry }) => isoInstant(entry.at))],
       actor: ['text', of(({ ctx: by }) => shown(by.actor.id))],
       kind: ['text', of(({ entry }) => entry.kind)],
       sla: ['text', of(({ entry }) => entry.sla)],
       detail: ['jsonb', of(({ entry: { kind: _, at: __, sla: ___, ...entry }, detail }) => JSON.stringify({ ...detail, ...entry }))],
     })}`,
    params.values,
    { prepare: true },
  );
}

async function writeCounts(tx: Tx, ctx: Context, handOffs: readonly WrittenHandOff[]): Promise<void> {
  const more = new Map<string, number>();
  const add = (cell: Cell | null, n: number) => {
    if (cell === null) return;
    const key = JSON.stringify([cell.stage, cell.owner ?? '', cell.source ?? '', cell.code ?? '']);
    more.set(key, (more.get(key) ?? 0) + n);
  };
  for (const one of handOffs) {
    add(one.counted, -1);
    add(cellOf(one), 1);
  }
  const changed = [...more].filter(([, n]) => n !== 0).map(([key, n]) => ({ cell: keyParts(key), n }));
  if (changed.length === 0) return;
  const params = new SqlParams();
  const part = (i: number) => changed.map(({ cell }) => cell[i] ?? '');
  await tx.query(
    `insert into hand_off_count as c (workspace_id, stage, owner, source, code, total)
     select ${params.add(ctx.workspaceId)}, r.stage, r.owner, r.source, r.code, r.total from ${params.rows('r', {
       stage: ['text', part(0)],
       owner: ['text', part(1)],
       source: ['text', part(2)],
       code: ['text', part(3)],
       total: ['int', changed.map(({ n }) => String(n))],
     })}
     on conflict (workspace_id, stage, owner, source, code) do update set total = c.total + excluded.total`,
    params.values,
    { prepare: true },
  );
}

const keyParts = (key: string): string[] => JSON.parse(key);
