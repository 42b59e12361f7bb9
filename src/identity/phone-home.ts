import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';

/**
 * Whence telephone numbers are that have no country code, in records that name no country: as the taxonomy in use says, ISO 3166-1 alpha-2.
 * Null where it says nothing, and where there is none yet.
 */
export async function phoneHome(tx: Tx, ctx: Context): Promise<string | null> {
  try {
    return (await currentDefinition(tx, ctx, 'taxonomy')).document.phone_country ?? null;
  } catch (error) {
    if (error instanceof SamepageError && error.code === 'not_found') return null;
    throw error;
  }
}
