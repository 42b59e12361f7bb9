import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { documentHash } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { deriveInWorkspace, readWorkspace } from './workspace.ts';

/** A call that its caller may repeat without its taking effect twice. */
export interface KeyedCall {
  key: string;
  tool: string;
  input: unknown;
  /** Whether carrying it out again changes nothing more: then a call whose answer was lost is carried out again. */
  isRepeatable: boolean;
}

export interface Carried {
  returned: unknown;
  /** When the call was carried out that the answer is of; null: now. */
  before: Date | null;
}

const KEPT_DAYS = 30;
/** A longer answer is not kept. */
const MAX_ANSWER = 1_000_000;

const knownRows = z.array(
  z.object({ tool: z.string(), input_hash: z.string(), recorded_at: z.coerce.date(), answer: z.string().nullable() }),
);

/** Keys of calls that this process is carrying out. */
const underWay = new Set<string>();

/**
 * Carries a call out once for each idempotency key of its actor: called again, it gives the first answer. The key is written in the same
 * transaction as what the call changes, so it is known exactly when that took effect (docs/decisions/idempotency-keys.md).
 * @throws SamepageError `conflict`: the key is another call's, the call is under way, or it took effect and its answer was lost
 */
export async function onceByKey(ctx: Context, call: KeyedCall, run: (ctx: Context) => Promise<unknown>): Promise<Carried> {
  const mine = JSON.stringify([ctx.workspaceId, ctx.actor.id, call.key]);
  if (underWay.has(mine)) throw isUnderWay(call.key);
  underWay.add(mine);
  try {
    return await carryOut(ctx, call, run);
  } finally {
    underWay.delete(mine);
  }
}

async function carryOut(ctx: Context, call: KeyedCall, run: (ctx: Context) => Promise<unknown>): Promise<Carried> {
  const inputHash = documentHash(call.input);
  const [known] = await readWorkspace(ctx, async (tx) =>
    knownRows.parse(
      await tx.query(
        `select tool, input_hash, recorded_at, answer from idempotency_key
         where workspace_id = $1 and actor = $2 and key = $3`,
        [ctx.workspaceId, ctx.actor.id, call.key],
      ),
    ),
  );
  if (known !== undefined) {
    if (known.tool !== call.tool || known.input_hash !== inputHash) throw otherCall(call.key, known);
    if (known.answer !== null) return { returned: JSON.parse(known.answer), before: known.recorded_at };
    if (!call.isRepeatable) throw answerLost(call, known.recorded_at);
  }
  const caller = randomUUID();
  const noteKey = (tx: Tx) => note(tx, ctx, { ...call, inputHash, caller });
  const returned = await run(known === undefined ? { ...ctx, noteKey } : ctx);
  const answer = JSON.stringify(returned);
  await deriveInWorkspace(ctx, async (tx) => {
    // a call that only looked has written nothing yet
    if (known === undefined) await noteKey(tx);
    await tx.query(
      `update idempotency_key set answer = $4
       where workspace_id = $1 and actor = $2 and key = $3 and answer is null`,
      [ctx.workspaceId, ctx.actor.id, call.key, answer.length > MAX_ANSWER ? null : answer],
    );
    await tx.query("delete from idempotency_key where workspace_id = $1 and recorded_at < $2::timestamptz - $3::int * interval '1 day'", [
      ctx.workspaceId,
      ctx.now().toISOString(),
      KEPT_DAYS,
    ]);
  });
  return { returned, before: null };
}

/** In each of a call's transactions: another call with this key that comes at the same time waits here, and is refused. */
async function note(
  tx: Tx,
  ctx: Context,
  { key, tool, inputHash, caller }: { key: string; tool: string; inputHash: string; caller: string },
): Promise<void> {
  const rows = await tx.query(
    `insert into idempotency_key as k (workspace_id, actor, key, tool, input_hash, caller, recorded_at)
     values ($1, $2, $3, $4, $5, $6::uuid, $7::timestamptz)
     on conflict (workspace_id, actor, key) do update set caller = k.caller where k.caller = excluded.caller
     returning key`,
    [ctx.workspaceId, ctx.actor.id, key, tool, inputHash, caller, ctx.now().toISOString()],
  );
  if (rows.length !== 1) throw isUnderWay(key);
}

function isUnderWay(key: string): SamepageError {
  return new SamepageError(
    'conflict',
    `A call with idempotency_key ${shown(key)} is under way.`,
    'Call again with the same input and key for its answer.',
  );
}

function otherCall(key: string, known: { tool: string; recorded_at: Date }): SamepageError {
  return new SamepageError(
    'conflict',
    `idempotency_key ${shown(key)} belongs to another call: ${known.tool} of ${known.recorded_at.toISOString()}, with other input.`,
    'Give this call a key of its own; nothing was changed.',
    { problems: [{ path: 'idempotency_key', value: shown(key), reason: 'was used for another call' }] },
  );
}

function answerLost({ key, tool }: KeyedCall, at: Date): SamepageError {
  return new SamepageError(
    'conflict',
    `The call of ${tool} with idempotency_key ${shown(key)} took effect at ${at.toISOString()}; its answer was lost.`,
    'Do not repeat it; read the record to see what it did.',
  );
}
