import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { RunningClock } from './core/hand-off-clocks.ts';

/** The clocks of a hand-off as of its last event. */
export interface ClocksOf {
  id: string;
  source: string | null;
  clocks: readonly RunningClock[];
}

/** Keeps what reviews count of the clocks of hand-offs, in the transaction of the event that changed them; one statement, each hand-off once. */
export async function writeClocks(tx: Tx, ctx: Context, handOffs: readonly ClocksOf[]): Promise<void> {
  const kept = handOffs.flatMap(({ id, source, clocks }) => keptClocks(clocks).map((clock) => ({ id, source, ...clock })));
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const of = (value: (one: (typeof kept)[number]) => string | null) => kept.map(value);
  const columns = {
    hand_off_id: ['uuid', of(({ id }) => id)],
    clock: ['text', of(({ clock }) => clock)],
    source: ['text', of(({ source }) => source)],
    started_at: ['timestamptz', of(({ started }) => isoInstant(started))],
    due_at: ['timestamptz', of(({ due }) => isoInstant(due))],
    ended_at: ['timestamptz', of(({ ended }) => isoInstant(ended))],
    elapsed_ms: ['bigint', of(({ elapsed }) => (elapsed === null ? null : String(elapsed)))],
    settles_at: ['timestamptz', of(({ settles }) => isoInstant(settles))],
  } as const;
  const names = Object.keys(columns);
  const set = names.slice(2).map((name) => `${name} = excluded.${name}`);
  // a clock that has not started, or not any more, has no start: the row of one that was taken back goes; each is found by its index,
  // whatever is believed of a table that grows
  await tx.query(
    `with given as (select * from ${params.rows('r', columns)}),
     gone as (delete from hand_off_clock c where c.ctid = any(array(
       select x.ctid from given g cross join lateral (
         select k.ctid from hand_off_clock k where k.workspace_id = ${ws} and k.hand_off_id = g.hand_off_id and k.clock = g.clock offset 0) x
       where g.started_at is null)))
     insert into hand_off_clock as c (workspace_id, ${names.join(', ')}) select ${ws}, g.* from given g where g.started_at is not null
     on conflict (workspace_id, hand_off_id, clock) do update set ${set.join(', ')}
     where (c.due_at, c.ended_at, c.settles_at) is distinct from (excluded.due_at, excluded.ended_at, excluded.settles_at)`,
    params.values,
    { prepare: true },
  );
}

/** What is kept of the clocks of a hand-off; of one that has not started no row. */
export function keptClocks(clocks: readonly RunningClock[]) {
  // where two versions of the SLA have a clock of one name that starts at different moments, the later version's counts
  return [...new Map(clocks.map((clock) => [clock.terms.clock, keptOf(clock)])).values()];
}

function keptOf({ terms, state, started, due, stopped, elapsed, breached_since }: RunningClock) {
  const settles = breached_since ?? stopped ?? (state === 'called_off' ? null : due);
  return { clock: terms.clock, started, due, ended: stopped, elapsed: stopped === null ? null : elapsed, settles };
}
