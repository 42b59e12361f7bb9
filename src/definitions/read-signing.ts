import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { team } from './core/common.ts';
import type { DefinitionKind } from './core/definition.ts';
import { type Signing, STATES } from './core/signing.ts';

const instant = z.coerce.date().transform((date) => date.toISOString());
const headRow = z.object({ hash: z.string(), recorded_at: instant });
const stateRow = z.object({
  hash: z.string(),
  recorded_at: instant,
  state: z.enum(STATES),
  signed: z.boolean(),
  opened_at: instant,
  active_from: z.string().nullable(),
  reason: z.string().nullable(),
  recorded_by: z.string(),
});
const signatureRow = z.object({
  hash: z.string(),
  opened_at: instant,
  recorded_at: instant,
  team,
  action: z.enum(['sign', 'withdraw']),
  name: z.string(),
  way: z.enum(['elicitation', 'terminal']),
  reason: z.string().nullable(),
  recorded_by: z.string(),
});

/** Everything that was proposed and signed of a kind. @throws SamepageError `not_found` when none of the kind is in use. */
export async function readSigning(tx: Tx, ctx: Context, kind: DefinitionKind): Promise<Signing> {
  const of = [ctx.workspaceId, kind];
  const options = { prepare: true };
  const [heads, states, signatures] = await Promise.all([
    tx.query(
      'select hash, recorded_at from definition_head where workspace_id = $1 and kind = $2 order by recorded_at desc limit 1',
      of,
      options,
    ),
    tx.query(
      `select hash, recorded_at, state, signed, opened_at, active_from, reason, recorded_by
       from definition_state where workspace_id = $1 and kind = $2 order by recorded_at`,
      of,
      options,
    ),
    tx.query(
      `select hash, opened_at, recorded_at, team, action, name, way, reason, recorded_by
       from definition_signature where workspace_id = $1 and kind = $2 order by recorded_at`,
      of,
      options,
    ),
  ]);
  const [head] = z.array(headRow).parse(heads);
  if (head === undefined)
    throw new SamepageError('not_found', `This workspace has no ${kind} yet.`, 'Run `samepage-mcp definitions import FILE` with one.');
  return {
    kind,
    head: { hash: head.hash, recordedAt: head.recorded_at },
    states: z
      .array(stateRow)
      .parse(states)
      .map(({ recorded_at, opened_at, active_from, recorded_by, ...row }) => ({
        ...row,
        recordedAt: recorded_at,
        openedAt: opened_at,
        activeFrom: active_from,
        by: recorded_by,
      })),
    signatures: z
      .array(signatureRow)
      .parse(signatures)
      .map(({ recorded_at, opened_at, recorded_by, ...row }) => ({
        ...row,
        recordedAt: recorded_at,
        openedAt: opened_at,
        by: recorded_by,
      })),
  };
}
