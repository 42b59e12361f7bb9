import { z } from 'zod';
import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { ACCOUNT_MODEL } from './core/account-decision.ts';
import { keyVersion } from './core/node-keys.ts';
import { LAST_ID } from './identity-index.ts';
import { phoneHome } from './phone-home.ts';

/** When all leads were last asked about. */
export interface Asked {
  /** The knowledge clock before the first was. */
  at: string;
  /** How many accounts there were. */
  accounts: number;
  /** The lead that it has come to; LAST_ID when it is through. */
  upTo: string;
  /** By which matcher, and whence telephone numbers are. */
  version: string;
}

/** How the workspace stands. */
export interface Standing {
  /** The last time that all leads were asked about by this matcher; null where there was none. */
  asked: Asked | null;
  /** The knowledge clock; null where nothing was recorded. */
  now: string | null;
  version: string;
  home: string | null;
}

const counts = z.object({ accounts: z.number() });
const askedRows = z
  .array(z.object({ at: z.string(), up_to: z.string(), counts }).transform(({ up_to, counts, at }) => ({ at, upTo: up_to, ...counts })))
  .max(1);
const clockRows = z.array(z.object({ now: z.string() })).max(1);

export async function readAsked(tx: Tx, ctx: Context): Promise<Standing> {
  const home = await phoneHome(tx, ctx);
  const version = `${ACCOUNT_MODEL} ${keyVersion(home)}`;
  const rows = await tx.query(
    `select covered_at::text as at, covered_id::text as up_to, counts from identity_index
     where workspace_id = $1 and kind = 'lead' and key_version = $2`,
    [ctx.workspaceId, version],
  );
  const [asked] = askedRows.parse(rows);
  const [clock] = clockRows.parse(await tx.query('select known_at::text as now from workspace where workspace_id = $1', [ctx.workspaceId]));
  return { asked: asked === undefined ? null : { ...asked, version }, now: clock?.now ?? null, version, home };
}

/** Notes how far it has come. Of two at once the one that began later counts, of one beginning the one that is further. */
export async function keepAsked(ctx: Context, { at, accounts, upTo, version }: Asked): Promise<void> {
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `insert into identity_index as i (workspace_id, kind, key_version, covered_at, covered_id, uncounted, counts_hash, counts)
       values ($1, 'lead', $2, $3::timestamptz, $4::uuid, 0, '', $5::text::jsonb)
       on conflict (workspace_id, kind) do update
         set key_version = excluded.key_version, covered_at = excluded.covered_at, covered_id = excluded.covered_id, counts = excluded.counts
         where i.key_version <> excluded.key_version or i.covered_at < excluded.covered_at
           or (i.covered_at = excluded.covered_at and i.covered_id < excluded.covered_id)`,
      [ctx.workspaceId, version, at, upTo, JSON.stringify({ accounts })],
    ),
  );
}

export const isThrough = ({ upTo }: Asked) => upTo === LAST_ID;
export const through = (asked: Asked): Asked => ({ ...asked, upTo: LAST_ID });
