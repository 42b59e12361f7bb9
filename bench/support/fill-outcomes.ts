import { recordInWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';

const TABLES = ['account', 'person', 'person_account', 'observation', 'opportunity', 'event'];

/**
 * Fills a workspace with closed deals, one an account, over the four quarters of 2025: each account with two observations of ten fields, two
 * people, and ten events around the day on which the deal was created. One in four is won, in energy one in two.
 * @param isAnalysed whether the tables get statistics; else they are as right after an import
 */
export async function fillOutcomes(ctx: Context, deals: number, isAnalysed = true): Promise<void> {
  await recordInWorkspace(ctx, async (tx) => {
    const id = (kind: string, of: string) => `md5('${kind}' || ${of})::uuid`;
    const one = (list: string[], by: string) => `(array[${list.map((text) => `'${text}'`).join(', ')}])[1 + (${by}) % ${list.length}]`;
    const industries = ['software', 'fintech', 'retail', 'banking', 'healthcare', 'energy', 'media', 'insurance'];
    const made = `select i, hashtext(i::text)::bigint & 2147483647 as h, date '2025-01-01' + (i * 7919 % 300)::int as created from generate_series(1, $2::int) i`;
    const known = `'2024-12-01T00:00:00Z'::timestamptz`;
    const fields = `jsonb_build_object('industry', ${one(industries, 'h')}, 'employees', 10 + h % 4000, 'country', ${one(['us', 'de', 'gb', 'fr', 'nl'], 'h / 7')},
      'annual_revenue', 100000 * (h % 900), 'founded_year', 1950 + h % 70, 'region', ${one(['emea', 'amer', 'apac'], 'h / 11')},
      'ownership', ${one(['private', 'public'], 'h / 13')}, 'funding_stage', ${one(['seed', 'a', 'b', 'c'], 'h / 17')}, 'target_account', h % 5 = 0,
      'technologies', jsonb_build_array(${one(['salesforce', 'hubspot', 'marketo'], 'h / 19')}, ${one(['aws', 'azure', 'gcp'], 'h / 23')}))`;
    const run = (text: string) => tx.query(text, [ctx.workspaceId, deals]);
    await run(`insert into account (workspace_id, id, domain, name, fields, created_at, changed_at)
      select $1, ${id('a', 'i')}, 'f' || i || '.com', 'Firm ' || i, ${fields}, ${known}, ${known} from (${made}) d`);
    await run(`insert into person (workspace_id, id, email, account_id, fields, created_at, changed_at)
      select $1, ${id('p', "(i || '-' || n)")}, 'p' || n || '@f' || i || '.com', ${id('a', 'i')}, '{}', ${known}, ${known} from (${made}) d, generate_series(1, 2) n`);
    await run(`insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
      select $1, ${id('p', "(i || '-' || n)")}, ${known}, ${id('a', 'i')}, 'domain' from (${made}) d, generate_series(1, 2) n`);
    const facts =
      'workspace_id, entity_id, recorded_at, ordinal, kind, source, "values", confidence, observed_at, observed_day, cost_micros';
    await run(`insert into observation (${facts})
      select $1, ${id('a', 'i')}, ${known}, n, 'account', 'source ' || n, ${fields}, 10000, ${known}, ${known}::date - date '1970-01-01', 0
      from (${made}) d, generate_series(1, 2) n`);
    await run(`insert into observation (${facts})
      select $1, ${id('p', "(i || '-' || n)")}, ${known}, n, 'person', 'crm', jsonb_build_object('seniority', ${one(['vp', 'manager', 'head'], 'h + n')},
        'department', ${one(['sales', 'marketing', 'it'], 'h / 3 + n')}), 10000, ${known}, ${known}::date - date '1970-01-01', 0
      from (${made}) d, generate_series(1, 2) n`);
    await run(`insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, account_id)
      select $1, ${id('e', "(i || '-' || n)")}, (created - 30 + n * 4)::timestamptz, 'web', i || '-' || n, ${one(['web_visit', 'pricing_page', 'webinar', 'funding_round'], 'h + n')},
        (created - 30 + n * 4)::timestamptz, created - 30 + n * 4 - date '1970-01-01', ${id('p', "(i || '-' || (1 + n % 2))")}, ${id('a', 'i')}
      from (${made}) d, generate_series(1, 10) n`);
    await run(`insert into opportunity (workspace_id, id, name, account_id, fields, created_at, changed_at)
      select $1, ${id('o', 'i')}, 'Deal ' || i, ${id('a', 'i')}, jsonb_build_object(
        'stage', case when (h / 29) % 100 < case when h % 8 = 5 then 50 else 25 end then 'closed_won' else 'closed_lost' end,
        'created_date', created::text, 'close_date', (created + 20 + (h % 45)::int)::text), ${known}, ${known} from (${made}) d`);
  });
  if (isAnalysed) await ctx.db.transaction('write', (tx) => tx.query(`analyze ${TABLES.join(', ')}`));
}
