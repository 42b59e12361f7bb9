import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type Account, accountKey, type Balances, lockBalances, moveBalances } from './balances.ts';
import { type Balance, type Ceilings, type PlannedCall, passedCeiling, SCOPES, type Scope, scopeNames } from './core/ledger.ts';
import type { ProviderAnswer } from './core/provider.ts';
import { answerAgain, readAnswers } from './provider-values.ts';

/**
 * What came of a planned call. `granted`: its row is written, send it. `kept`: it was answered before, and the answer holds. `busy`: the same question is out already, from here or another
 * process. `unknown`: it was out and may have been billed; it is not sent again by itself. `ceiling`: the money would not suffice.
 */
export type Reservation =
  | { state: 'granted' }
  | { state: 'kept'; answer: ProviderAnswer }
  | { state: 'busy' | 'unknown'; callId: string }
  | { state: 'ceiling'; scope: Scope };

const openRows = z.array(
  z.object({ id: z.string(), key: z.string(), state: z.string(), reserved_micros: z.coerce.number(), is_stale: z.boolean() }),
);

/**
 * Writes the ledger rows of calls and holds the most that each can cost, in one transaction: what is granted is on record before
 * anything is sent, and all that is held and charged together never passes a ceiling.
 */
export function reserveCalls(ctx: Context, calls: readonly PlannedCall[], ceilings: Ceilings): Promise<Map<string, Reservation>> {
  const now = ctx.now();
  const day = dayOf(now);
  return deriveInWorkspace(ctx, async (tx) => {
    const paid = calls.filter((call) => call.reservedMicros > 0);
    // locked before answers and open calls are looked at: two processes that ask the same look one after the other
    const balances = paid.length === 0 ? new Map() : await lockBalances(tx, ctx, accountsOf(paid, day));
    const keys = [...new Set(calls.map((call) => call.key))];
    const kept = await readAnswers(tx, ctx, keys);
    const open = await openCalls(tx, ctx, keys, now);
    const granted: PlannedCall[] = [];
    const outcomes = new Map<string, Reservation>();
    const moves = new Map<string, Balance & { account: Account }>();
    for (const call of calls) {
      const answer = answerAgain(kept.get(call.key), call.fields);
      if (answer !== undefined) {
        outcomes.set(call.id, { state: 'kept', answer });
        continue;
      }
      const other = open.get(call.key);
      if (other !== undefined) {
        outcomes.set(call.id, { state: other.state === 'unknown' ? 'unknown' : 'busy', callId: other.id });
        continue;
      }
      const passed = call.reservedMicros === 0 ? undefined : hold(call, day, { ceilings, balances, moves });
      if (passed !== undefined) {
        outcomes.set(call.id, { state: 'ceiling', scope: passed });
        continue;
      }
      open.set(call.key, { id: call.id, state: 'reserved' });
      granted.push(call);
      outcomes.set(call.id, { state: 'granted' });
    }
    const written = await insertCalls(tx, ctx, granted, now);
    for (const call of granted) {
      if (written.has(call.id)) continue;
      // a free call that another process wrote between the look and the insert: money has a lock, so it is none with a price
      outcomes.set(call.id, { state: 'busy', callId: call.id });
    }
    await moveBalances(tx, ctx, moves);
    return outcomes;
  });
}

function accountsOf(calls: readonly PlannedCall[], day: number): Account[] {
  const accounts = new Map<string, Account>();
  for (const call of calls) {
    const names = scopeNames(call, day);
    for (const scope of SCOPES) accounts.set(accountKey([scope, names[scope]]), [scope, names[scope]]);
  }
  return [...accounts.values()];
}

/** Holds the price of a call in every scope, or says whose ceiling it would pass. */
function hold(
  call: PlannedCall,
  day: number,
  { ceilings, balances, moves }: { ceilings: Ceilings; balances: Balances; moves: Map<string, Balance & { account: Account }> },
): Scope | undefined {
  const names = scopeNames(call, day);
  const of = (scope: Scope): Balance => balances.get(accountKey([scope, names[scope]])) ?? { heldMicros: 0, chargedMicros: 0 };
  const passed = passedCeiling(
    ceilings,
    { day: of('day'), record: of('record'), run: of('run'), workspace: of('workspace') },
    call.reservedMicros,
  );
  if (passed !== undefined) return passed;
  for (const scope of SCOPES) {
    const account: Account = [scope, names[scope]];
    const key = accountKey(account);
    const { heldMicros, chargedMicros } = of(scope);
    balances.set(key, { heldMicros: heldMicros + call.reservedMicros, chargedMicros });
    moves.set(key, { account, heldMicros: (moves.get(key)?.heldMicros ?? 0) + call.reservedMicros, chargedMicros: 0 });
  }
  return undefined;
}

/** The calls that may be out for the same questions. One whose process said nothing for too long becomes unknown, or, if it was free, is over. */
async function openCalls(tx: Tx, ctx: Context, keys: readonly string[], now: Date): Promise<Map<string, { id: string; state: string }>> {
  const params = new SqlParams();
  const text = lookedUpSql({
    select: `t.id::text, t.key, t.state, t.reserved_micros, t.state = 'reserved' and t.stale_at <= ${params.add(now.toISOString())}::timestamptz as is_stale`,
    table: 'provider_call',
    where: `t.workspace_id = ${params.add(ctx.workspaceId)} and t.state <> 'settled'`,
    column: 'key',
    keys: params.texts(keys),
  });
  const rows = openRows.parse(await tx.query(text, params.values, { prepare: true }));
  const open = new Map<string, { id: string; state: string }>();
  for (const row of rows) {
    const isOver = row.is_stale && row.reserved_micros === 0;
    if (row.is_stale) {
      await tx.query(
        `update provider_call set state = $3, outcome = 'unknown', charged_micros = $4 where workspace_id = $1 and id = $2::uuid and state = 'reserved'`,
        [ctx.workspaceId, row.id, isOver ? 'settled' : 'unknown', isOver ? 0 : null],
      );
    }
    if (!isOver) open.set(row.key, { id: row.id, state: row.is_stale ? 'unknown' : row.state });
  }
  return open;
}

const idRows = z.array(z.object({ id: z.string() }));

async function insertCalls(tx: Tx, ctx: Context, calls: readonly PlannedCall[], now: Date): Promise<Set<string>> {
  if (calls.length === 0) return new Set();
  const params = new SqlParams();
  const at = `${params.add(now.toISOString())}::timestamptz`;
  const rows = await tx.query(
    `insert into provider_call (workspace_id, id, run_id, kind, entity_id, provider, key, fields, state, reserved_micros, charged_micros, day,
       requested_at, stale_at, usable)
     select ${params.add(ctx.workspaceId)}, c.id, c.run_id, c.kind, c.entity_id, c.provider, c.key, c.fields, 'reserved', c.reserved::bigint, null,
       ${dayOf(now)}, ${at}, c.stale_at, 0
     from ${params.rows('c', {
       id: ['uuid', calls.map((call) => call.id)],
       run_id: ['uuid', calls.map((call) => call.runId)],
       kind: ['text', calls.map((call) => call.kind)],
       entity_id: ['uuid', calls.map((call) => call.entityId)],
       provider: ['text', calls.map((call) => call.provider)],
       key: ['text', calls.map((call) => call.key)],
       fields: ['jsonb', calls.map((call) => JSON.stringify(call.fields))],
       reserved: ['text', calls.map((call) => String(call.reservedMicros))],
       stale_at: ['timestamptz', calls.map((call) => new Date(now.getTime() + call.staleMs).toISOString())],
     })}
     on conflict do nothing returning id::text`,
    params.values,
    { prepare: true },
  );
  return new Set(idRows.parse(rows).map((row) => row.id));
}
