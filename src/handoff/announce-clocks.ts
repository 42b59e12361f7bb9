import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { clocksOf } from './core/hand-off-clocks.ts';
import { inOrder, NEVER } from './core/log.ts';
import { type Notice, noticesOf } from './core/notices.ts';
import { readHandOffs, type StoredHandOff } from './read-hand-offs.ts';
import { readSlas } from './read-slas.ts';
import { type OutboxEvent, writeOutbox } from './write-outbox.ts';

/** Looked at in one transaction. */
const PART = 200;

export interface Announced {
  /** Clocks that came near their breach, and that were breached. */
  due: number;
  breached: number;
  /** The accounts whose hand-offs they are of. */
  accounts: string[];
}

/**
 * Announces each clock of an open hand-off that came near its breach, and each that was breached, once: an event in the outbox. Looks only at
 * those whose time has come, or of which something was logged.
 */
export async function announceClocks(ctx: Context): Promise<Announced> {
  requireScope(ctx, 'write');
  const total: Announced = { due: 0, breached: 0, accounts: [] };
  const accounts = new Set<string>();
  for (let looked = PART; looked === PART && !ctx.signal.aborted; ) {
    const told = await recordInWorkspace(ctx, (tx, recordedAt) => announcePart(tx, ctx, recordedAt));
    looked = told.looked;
    for (const { kind } of told.notices) total[kind] += 1;
    for (const account of told.accounts) accounts.add(account);
  }
  return { ...total, accounts: [...accounts] };
}

const OPEN = 'h.workspace_id = $1 and h.closed_at is null';

async function announcePart(
  tx: Tx,
  ctx: Context,
  recordedAt: Date,
): Promise<{ looked: number; notices: readonly Notice[]; accounts: readonly string[] }> {
  const now = ctx.now();
  const ids = (
    await tx.query(
      `select h.id::text from hand_off h where ${OPEN} and h.look_at is null
       union all (select h.id::text from hand_off h where ${OPEN} and h.look_at <= $2::timestamptz order by h.look_at limit $3::int)
       limit $3::int`,
      [ctx.workspaceId, now.toISOString(), PART],
      { prepare: true },
    )
  ).map(({ id }) => String(id));
  if (ids.length === 0) return { looked: 0, notices: [], accounts: [] };
  const [handOffs, told] = await Promise.all([readHandOffs(tx, ctx, ids), readTold(tx, ctx, ids)]);
  const slas = await readSlas(tx, ctx, handOffs.values());
  const found = [...handOffs.values()].map((handOff) => {
    const clocks = clocksOf({ lead: handOff.lead, log: inOrder(handOff.log) }, slas, now.getTime());
    const isTold = (notice: Notice) => told.has(keyOf(handOff.id, notice));
    return { handOff, ...noticesOf(clocks, isTold, now.getTime()) };
  });
  const announcing = found.filter(({ notices }) => notices.length > 0);
  await Promise.all([
    writeNotices(tx, ctx, announcing, recordedAt),
    writeOutbox(
      tx,
      ctx,
      announcing.flatMap(({ handOff, notices }) => notices.map((notice) => eventOf(handOff, notice))),
      recordedAt,
    ),
    setLooks(tx, ctx, found),
  ]);
  const notices = announcing.flatMap((one) => one.notices);
  if (notices.length > 0) await audit(tx, ctx, 'announce_clocks', `${notices.length} clocks of ${announcing.length} hand-offs`);
  return { looked: ids.length, notices, accounts: announcing.flatMap(({ handOff }) => handOff.account_id ?? []) };
}

interface Found {
  handOff: StoredHandOff;
  notices: readonly Notice[];
  lookAt: number | null;
}

const keyOf = (id: string, { clock, kind }: Notice) => `${id} ${clock.terms.clock} ${clock.sla} ${kind}`;

async function readTold(tx: Tx, ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  const params = new SqlParams();
  const rows = await tx.query(
    `select n.told from unnest(${params.uuids(ids)}) k(id) cross join lateral (
       select n.hand_off_id || ' ' || n.clock || ' ' || n.sla || ' ' || n.kind as told from hand_off_notice n
       where n.workspace_id = ${params.add(ctx.workspaceId)} and n.hand_off_id = k.id offset 0) n`,
    params.values,
    { prepare: true },
  );
  return new Set(rows.map(({ told }) => String(told)));
}

async function writeNotices(tx: Tx, ctx: Context, found: readonly Found[], recordedAt: Date): Promise<void> {
  const all = found.flatMap(({ handOff, notices }) => notices.map((notice) => ({ id: handOff.id, ...notice })));
  if (all.length === 0) return;
  const params = new SqlParams();
  const given = params.rows('n', {
    hand_off_id: ['uuid', all.map(({ id }) => id)],
    clock: ['text', all.map(({ clock }) => clock.terms.clock)],
    sla: ['text', all.map(({ clock }) => clock.sla)],
    kind: ['text', all.map(({ kind }) => kind)],
  });
  await tx.query(
    `insert into hand_off_notice (workspace_id, hand_off_id, clock, sla, kind, recorded_at)
     select ${params.add(ctx.workspaceId)}, n.hand_off_id, n.clock, n.sla, n.kind, ${params.add(recordedAt.toISOString())}::timestamptz from ${given}`,
    params.values,
  );
}

/** What nothing more is to be announced of is not looked at until something happens to it. */
async function setLooks(tx: Tx, ctx: Context, found: readonly Found[]): Promise<void> {
  const params = new SqlParams();
  const given = params.rows('l', {
    id: ['uuid', found.map(({ handOff }) => handOff.id)],
    look_at: ['timestamptz', found.map(({ lookAt }) => new Date(lookAt ?? NEVER).toISOString())],
  });
  await tx.query(
    `update hand_off h set look_at = l.look_at from ${given} where h.workspace_id = ${params.add(ctx.workspaceId)} and h.id = l.id`,
    params.values,
    { prepare: true },
  );
}

function eventOf(handOff: StoredHandOff, { clock, kind }: Notice): OutboxEvent {
  return {
    type: `hand_off.${kind}`,
    subject: handOff.id,
    data: {
      hand_off: handOff.id,
      person: handOff.person_id,
      account: handOff.account_id,
      owner: handOff.cell?.owner ?? null,
      clock: clock.terms.clock,
      label: clock.terms.label,
      due: isoInstant(clock.due),
      remaining_minutes: Math.trunc(clock.remaining / 60_000),
      sla: clock.sla,
    },
  };
}
