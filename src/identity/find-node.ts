import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { registrableDomain } from '../records/core/normalise-address.ts';
import { findAccount } from '../records/find-account.ts';
import { findPerson } from '../records/find-person.ts';
import type { IdentityKind } from './decision.ts';

const idRows = z.array(z.object({ id: z.string() }));

/**
 * The node that answers to a name: the alias itself where that was named, by its id or by an address or domain of its own, since
 * decisions are about what sources said.
 * @throws SamepageError `not_found`, `ambiguous`
 */
export async function findNode(tx: Tx, ctx: Context, kind: IdentityKind, named: string): Promise<string> {
  const found = kind === 'account' ? await findAccount(tx, ctx, named) : await findPerson(tx, ctx, named);
  const column = kind === 'account' ? 'domain' : 'email';
  const value = kind === 'account' ? registrableDomain(named) : named.trim().toLowerCase();
  if (UUID_PATTERN.test(named.toLowerCase()) || value === undefined) return found.answers_for ?? found.id;
  const [own] = idRows.parse(
    await tx.query(
      `select id::text from ${kind} where workspace_id = $1 and (id = $2::uuid or merged_into = $2::uuid) and coalesce(own_${column}, ${column}) = $3
       order by created_at, id limit 1`,
      [ctx.workspaceId, found.id, value],
    ),
  );
  return own?.id ?? found.answers_for ?? found.id;
}
