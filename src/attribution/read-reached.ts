import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso, isIsoDate } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedAt, believedNow, EVENT } from '../records/core/belief-sql.ts';
import { namedPerson } from '../records/core/whom-sql.ts';
import { endOf, type StageMeaning } from './core/deal.ts';
import type { PastScope } from './core/deal-sql.ts';
import type { Origin } from './core/known.ts';
import { readCreated } from './read-origins.ts';

const rows = z.array(z.object({ person: z.string(), at: z.number() }));
/** The moves of a hand-off by which a person reaches a stage. */
const MOVES: Partial<Record<StageMeaning, string>> = { mql: 'hand_off', accepted: 'accept', qualified: 'qualify' };

/**
 * When people reached a stage, in epoch milliseconds. `inquiry`: became known, on the day on which the CRM has them as created, else with the first
 * event that named them. `mql`, `accepted`, `qualified`: were handed off, accepted or qualified, each time, if it was not taken back. No other
 * stage is a person's own.
 * @param origins what their records say; null: that has not been read, and they are read as they are today
 */
export async function readReached(
  tx: Tx,
  ctx: Context,
  asked: { stage: StageMeaning; people: readonly string[]; origins: ReadonlyMap<string, Origin> | null; past: PastScope | undefined },
): Promise<Map<string, number[]>> {
  const { stage, people, origins, past } = asked;
  const found = new Map<string, number[]>();
  const note = (person: string, at: number) => found.set(person, [...(found.get(person) ?? []), at]);
  if (stage === 'inquiry') {
    const unknown: string[] = [];
    const days = origins === null ? await readCreated(tx, ctx, people) : people.map((person) => origins.get(person)?.created ?? '');
    const ends = new Map([...new Set(days)].map((day) => [day, isIsoDate(day) ? [endOf(dayFromIso(day))] : undefined]));
    for (const [i, person] of people.entries()) {
      const end = ends.get(days[i] ?? '');
      if (end === undefined) unknown.push(person);
      else found.set(person, end);
    }
    for (const { person, at } of await read(tx, ctx, unknown, past, firstNamedSql)) note(person, at);
  }
  const move = MOVES[stage];
  if (move !== undefined)
    for (const { person, at } of await read(tx, ctx, people, past, (scope) => movesSql(scope, move))) note(person, at);
  return found;
}

interface ReachedScope {
  params: SqlParams;
  ws: string;
  past: string | undefined;
}

async function read(tx: Tx, ctx: Context, people: readonly string[], past: PastScope | undefined, sql: (scope: ReachedScope) => string) {
  if (people.length === 0) return [];
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const knownAt = past === undefined ? undefined : `${params.add(past.knownAt)}::timestamptz`;
  const believed = knownAt === undefined ? believedNow : believedAt(knownAt);
  // whoever was merged into one of them is named by what happened before
  const nodes = `(select k.key as person, k.key as node from unnest(${params.uuids(people)}) k(key)
    union select im.entity_id, im.node_id from unnest(${params.uuids(people)}) k(key) join identity_member im
      on im.workspace_id = ${ws} and im.kind = 'person' and im.entity_id = k.key and ${believed('im')}) n`;
  return rows.parse(await tx.query(`select n.person::text, x.at from ${nodes} ${sql({ params, ws, past: knownAt })}`, params.values));
}

const EPOCH = (instant: string) => `(extract(epoch from ${instant}) * 1000)::float8 as at`;

function firstNamedSql({ ws, past }: ReachedScope): string {
  const believed = past === undefined ? believedNow : believedAt(past);
  const first = (column: string) => `(select e.occurred_day, e.occurred_at from event e
    where e.workspace_id = ${ws} and e.${column} = n.node and ${namedPerson('e')} = n.node and ${believed('e', EVENT)}
    order by e.occurred_day, e.occurred_at limit 1)`;
  // where they were merged since, the event has their name in another column
  return `cross join lateral (select ${EPOCH('f.occurred_at')} from (${first('person_id')} union all ${first('named_person_id')}) f
    order by f.occurred_at limit 1) x`;
}

function movesSql({ params, ws, past }: ReachedScope, move: string): string {
  const known = (row: string) => (past === undefined ? '' : `and ${row}.recorded_at <= ${past}`);
  return `cross join lateral (select h.id from hand_off h where h.workspace_id = ${ws} and h.person_id = n.node offset 0) h
    cross join lateral (select ${EPOCH('e.at')} from hand_off_event e
      where e.workspace_id = ${ws} and e.hand_off_id = h.id and e.kind = ${params.add(move)} ${known('e')}
        and (select b.kind from hand_off_event b where b.workspace_id = ${ws} and b.hand_off_id = h.id and b.ordinal > e.ordinal ${known('b')}
          and b.kind not in ('attempt', 'meeting', 'pause', 'resume', 'merge_away', 'unmerge') order by b.ordinal limit 1) is distinct from 'take_back' offset 0) x`;
}
