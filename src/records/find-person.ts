import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { shown } from '../kernel/errors.ts';
import { derivedId, UUID_PATTERN } from '../kernel/ids.ts';
import { nameKey } from './core/name-key.ts';
import { onlyOne } from './only-one.ts';

export interface FoundPerson {
  id: string;
  name: string | null;
  email: string | null;
  /** The alias that was named: a person that was merged into this one. */
  answers_for?: string;
}

const foundSchema = z.array(
  z
    .object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable(), alias: z.string().nullable() })
    .transform(({ alias, ...found }): FoundPerson => (alias === null ? found : { ...found, answers_for: alias })),
);
const MOST_CANDIDATES = 10;

/**
 * The one person who answers to an id, an e-mail address, or an exact name (letter case and punctuation do not matter). An alias
 * answers as whom it was merged into.
 * @throws SamepageError `not_found`, or `ambiguous` with the candidates' ids.
 */
export async function findPerson(tx: Tx, ctx: Context, named: string): Promise<FoundPerson> {
  return onlyOne(await candidatesFor(tx, ctx, named), named, {
    path: 'record',
    one: 'person',
    many: 'people',
    names: 'id, e-mail address or exact name',
    search: 'search_records with kind "person"',
    describe: ({ name }) => shown(name ?? 'without a name'),
  });
}

async function candidatesFor(tx: Tx, ctx: Context, named: string): Promise<FoundPerson[]> {
  const typed = named.trim().toLowerCase();
  const read = async (where: string, ...params: string[]) =>
    foundSchema.parse(
      await tx.query(
        `select e.id::text, e.name, e.email, case when bool_and(p.id <> e.id) then min(p.id::text) end as alias
         from person p join person e on e.workspace_id = $1 and e.id = coalesce(p.merged_into, p.id)
         where p.workspace_id = $1 and ${where} group by e.id, e.name, e.email order by e.id limit ${MOST_CANDIDATES}`,
        [ctx.workspaceId, ...params],
        { prepare: true },
      ),
    );
  if (UUID_PATTERN.test(typed)) return read('p.id = $2::uuid', typed);
  if (!typed.includes('@')) return read('(p.name_key = $2 or p.own_name_key = $2)', nameKey(named));
  const current = await read('(p.email = $2 or p.own_email = $2)', typed);
  if (current.length > 0) return current;
  // an address that lost to another of the same person is still the person's, as it is for an import
  return read(
    `(p.id = $3::uuid or p.id in (select x.entity_id from external_ref x where x.workspace_id = $1 and x.kind = 'person_email' and x.source = ''
       and x.external_id = $2))`,
    typed,
    derivedId('person', 'email', typed),
  );
}
