import { createHash } from 'node:crypto';
import type { PredicateDocument } from '../../src/definitions/core/predicate.ts';
import type { Database } from '../../src/kernel/database.ts';
import type { Play } from '../../src/playbook/core/plays.ts';

const INDUSTRIES = ['software', 'fintech', 'banking', 'retail', 'energy', 'healthcare', 'manufacturing', 'media'] as const;
const TYPES = ['web_visit', 'pricing_page', 'content_download', 'webinar', 'form_fill', 'demo_request', 'chat', 'meeting'] as const;
const at = <T>(values: readonly T[], i: number): T => values[i % values.length] as T;

/** So many plays of three or four conditions, most of them different: fields, counts of events in windows, signals, tiers. */
export function playsOf(count: number): Play[] {
  return Array.from({ length: count }, (_, i) => {
    const conditions: PredicateDocument[] = [
      { field: 'account.industry', in: [at(INDUSTRIES, i), at(INDUSTRIES, i + 3)] },
      { field: 'account.employees', range: { min: 10 + 5 * i } },
      i % 4 === 0
        ? { signal: { type: at(['funding_round', 'hiring'], i / 4), within_days: 30 + i } }
        : { count: { types: [at(TYPES, i), at(TYPES, i + 1)], window_days: 7 + i }, range: { min: 1 + (i % 3) } },
      ...(i % 3 === 0 ? [{ not: { field: 'account.type', eq: 'customer' } }] : []),
    ];
    return {
      id: `play_${i}`,
      label: `Play ${i}`,
      purpose: 'x',
      when: { all: conditions },
      ...(i % 5 === 0 && { tiers: ['A', 'B'] satisfies Play['tiers'] }),
      owner: 'sales',
      steps: [{ do: 'x' }],
    };
  });
}

/** The id of the deal of an account, by the account's number. */
export function dealId(account: number): string {
  const hex = createHash('md5').update(`o${account}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A deal for every second account, four in five decided, a third of those won. */
export async function addDeals(db: Database, workspaceId: string, accounts: number): Promise<void> {
  await db.transaction('write', async (tx) => {
    await tx.query("select set_config('app.workspace_id', $1, true)", [workspaceId]);
    await tx.query(
      `insert into opportunity (workspace_id, id, account_id, fields, created_at, changed_at)
       select $1, md5('o' || i)::uuid, md5('a' || i)::uuid, jsonb_build_object(
         'stage', case when i % 10 < 2 then 'evaluation' when i % 3 = 0 then 'closed_won' else 'closed_lost' end,
         'created_date', to_char(now() - make_interval(days => i % 300), 'YYYY-MM-DD'),
         'loss_reason', (array['price', 'no_need', 'bad_timing'])[1 + i % 3]), now(), now()
       from generate_series(2, ${Math.floor(accounts)}, 2) i`,
      [workspaceId],
    );
  });
}
