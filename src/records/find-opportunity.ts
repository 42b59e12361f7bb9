import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { shown } from '../kernel/errors.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { readId } from './core/key-cells.ts';
import { nameKey } from './core/name-key.ts';
import { onlyOne } from './only-one.ts';

/** How an opportunity may be named in an input: its id, its id at the source, or its exact name. */
export const opportunityName = z.string().trim().min(1).max(500);

const foundRows = z.array(z.object({ id: z.string(), name: z.string().nullable(), sources: z.array(z.string()) }));
const MOST_CANDIDATES = 10;

/**
 * The one opportunity that answers to an id, an id at its source, or an exact name (letter case and punctuation do not matter).
 * @param path of the name in the input
 * @throws SamepageError `not_found`, or `ambiguous` with the candidates' ids.
 */
export async function findOpportunity(tx: Tx, ctx: Context, named: string, path: string): Promise<{ id: string }> {
  return onlyOne(await candidatesFor(tx, ctx, named), named, {
    path,
    one: 'opportunity',
    many: 'opportunities',
    names: 'id, id at its source or exact name',
    search: 'search_records with kind "opportunity"',
    describe: ({ name, sources }) => `${shown(name ?? 'without a name')}${sources.length === 0 ? '' : `, of ${shown(sources.join(', '))}`}`,
  });
}

/** By the first form that finds any. An id at a source may look like one of ours. */
async function candidatesFor(tx: Tx, ctx: Context, named: string): Promise<z.infer<typeof foundRows>> {
  const read = async (where: string, param: string) =>
    foundRows.parse(
      await tx.query(
        `select o.id::text, o.name, coalesce((select jsonb_agg(distinct r.source) from external_ref r
           where r.workspace_id = $1 and r.entity_id = o.id and r.kind = 'opportunity'), '[]') as sources
         from opportunity o where o.workspace_id = $1 and ${where} order by o.id limit ${MOST_CANDIDATES}`,
        [ctx.workspaceId, param],
      ),
    );
  const id = named.toLowerCase();
  const byId = UUID_PATTERN.test(id) ? await read('o.id = $2::uuid', id) : [];
  if (byId.length > 0) return byId;
  const atSource = readId(named);
  const bySource =
    atSource !== undefined && 'value' in atSource
      ? await read(
          `o.id in (select x.entity_id from external_ref x where x.workspace_id = $1 and x.external_id = $2 and x.kind = 'opportunity')`,
          atSource.value,
        )
      : [];
  if (bySource.length > 0) return bySource;
  const key = nameKey(named);
  return key === '' ? [] : read('o.name_key = $2', key);
}
