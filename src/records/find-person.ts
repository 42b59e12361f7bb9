import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { nameKey } from './core/name-key.ts';

/** How a person may be named in an input: an id, an e-mail address, or the exact name. */
export const personName = z.string().trim().min(1).max(300);

export interface FoundPerson {
  id: string;
  name: string | null;
  email: string | null;
}

const foundSchema = z.array(z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() }));
const MOST_CANDIDATES = 10;

/**
 * The one person who answers to an id, an e-mail address, or an exact name (letter case and punctuation do not matter).
 * @throws SamepageError `not_found`, or `ambiguous` with the candidates' ids.
 */
export async function findPerson(tx: Tx, ctx: Context, named: string): Promise<FoundPerson> {
  const typed = named.trim().toLowerCase();
  const key = nameKey(named);
  const [where, param] = UUID_PATTERN.test(typed)
    ? ['p.id = $2::uuid', typed]
    : typed.includes('@')
      ? ['p.email = $2', typed]
      : ['p.name_key = $2', key];
  const candidates = foundSchema.parse(
    await tx.query(
      `select p.id, p.name, p.email from person p where p.workspace_id = $1 and ${where} order by p.id limit ${MOST_CANDIDATES}`,
      [ctx.workspaceId, param],
      { prepare: true },
    ),
  );
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  if (only === undefined) {
    throw new SamepageError(
      'not_found',
      `No person has the id, e-mail address or exact name ${shown(named)}.`,
      'Call search_records with kind "person" and a part of the name, then use the id it gives.',
      { problems: [{ path: 'record', value: shown(named), reason: 'is no person of this workspace' }] },
    );
  }
  throw new SamepageError(
    'ambiguous',
    `Several people are named ${shown(named)}.`,
    'Call again with the id of the one you mean; the problems list them.',
    { problems: candidates.map(({ id, name }) => ({ path: 'record', value: id, reason: shown(name ?? 'without a name') })) },
  );
}
