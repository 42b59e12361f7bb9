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

const signingRow = z.object({ head: headRow.nullable(), states: z.array(stateRow), signatures: z.array(signatureRow) });

/** One statement: each has its way to the database and back, and this is asked with every look at a definition. */
const SIGNING = `select
  (select json_build_object('hash', h.hash, 'recorded_at', h.recorded_at) from definition_head h
   where h.workspace_id = $1 and h.kind = $2 order by h.recorded_at desc limit 1) as head,
  (select coalesce(json_agg(s order by s.recorded_at), '[]') from (
    select hash, recorded_at, state, signed, opened_at, active_from, reason, recorded_by
    from definition_state where workspace_id = $1 and kind = $2) s) as states,
  (select coalesce(json_agg(s order by s.recorded_at), '[]') from (
    select hash, opened_at, recorded_at, team, action, name, way, reason, recorded_by
    from definition_signature where workspace_id = $1 and kind = $2) s) as signatures`;

/** Everything that was proposed and signed of a kind. @throws SamepageError `not_found` when none of the kind is in use. */
export async function readSigning(tx: Tx, ctx: Context, kind: DefinitionKind): Promise<Signing> {
  const rows = await tx.query(SIGNING, [ctx.workspaceId, kind], { prepare: true });
  const { head, states, signatures } = signingRow.parse(rows[0]);
  if (head === null)
    throw new SamepageError('not_found', `This workspace has no ${kind} yet.`, 'Run `samepage-mcp definitions import FILE` with one.');
  return {
    kind,
    head: { hash: head.hash, recordedAt: head.recorded_at },
    states: states.map(({ recorded_at, opened_at, active_from, recorded_by, ...row }) => ({
      ...row,
      recordedAt: recorded_at,
      openedAt: opened_at,
      activeFrom: active_from,
      by: recorded_by,
    })),
    signatures: signatures.map(({ recorded_at, opened_at, recorded_by, ...row }) => ({
      ...row,
      recordedAt: recorded_at,
      openedAt: opened_at,
      by: recorded_by,
    })),
  };
}
