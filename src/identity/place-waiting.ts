import { z } from 'zod';
import { audit, recordInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { cancelled } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { anyMerged } from '../records/load-aliases.ts';
import { loadCountries } from '../records/load-countries.ts';
import { placeMatched } from '../records/place-matched.ts';
import { type EntityReader, entityReader } from './core/read-entities.ts';
import type { IdentityIndex } from './identity-index.ts';
import { keepLeadMatch, keptMatches } from './lead-matches.ts';
import { leadVerdicts } from './lead-verdicts.ts';
import { type MatchedAccount, matchAccount } from './match-account.ts';
import { noteLeadReview } from './note-lead-review.ts';
import { readIndexed } from './read-indexed.ts';

export interface PlacedLeads {
  /** Leads without an account who came in before some account came or changed. */
  asked: number;
  /** Those of them that belong to an account now. */
  placed: number;
}

const AT_ONCE = 200;
const LEAST = '00000000-0000-0000-0000-000000000000';

/**
 * Asks the matcher again about leads that belong to no account, where accounts came or changed since it was asked. What it finds that
 * differs is a new decision about the lead; the rest is left as it is.
 * @throws SamepageError `cancelled`: who was placed until then stays
 */
export async function placeWaiting(ctx: Context, progress: (asked: number) => void): Promise<PlacedLeads> {
  const countries = await loadCountries();
  const placed: PlacedLeads = { asked: 0, placed: 0 };
  for (let after = LEAST; ; ) {
    if (ctx.signal.aborted) throw cancelled();
    const waiting = (tx: Tx) => waitingAfter(tx, ctx, after);
    const found = await readIndexed(ctx, waiting, async (tx, index, leads) => {
      const reader = entityReader(countries, index.home);
      const others: Decided[] = [];
      for (const lead of leads) {
        const decided = await askAgain(tx, ctx, lead, reader, index);
        if (decided !== null) others.push(decided);
      }
      return { leads, others };
    });
    placed.asked += found.leads.length;
    if (found.others.length > 0) placed.placed += await keep(ctx, found.others);
    progress(placed.asked);
    const last = found.leads.at(-1);
    if (last === undefined || found.leads.length < AT_ONCE) return placed;
    after = last.node;
  }
}

interface Waiting {
  node: string;
  entity: string;
  decidedAt: string;
  decision: MatchedAccount['decision'];
  account: string | null;
  fields: Record<string, unknown>;
}

interface Decided extends Waiting {
  matched: MatchedAccount;
  heeded: string[];
}

const rows = z.array(
  z
    .object({
      node: z.string(),
      entity: z.string(),
      decided_at: z.coerce.date(),
      decision: z.enum(['match', 'review', 'none']),
      account: z.string().nullable(),
      fields: z.record(z.string(), z.unknown()),
    })
    .transform(({ decided_at, ...row }): Waiting => ({ ...row, decidedAt: decided_at.toISOString() })),
);

async function waitingAfter(tx: Tx, ctx: Context, after: string): Promise<Waiting[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  return rows.parse(
    await tx.query(
      `select m.person_id::text as node, e.id::text as entity, m.recorded_at as decided_at, m.decision, m.account_id::text as account, n.fields
       from (
         select distinct on (person_id) person_id, recorded_at, decision, account_id from lead_match
         where workspace_id = ${ws} and person_id > ${params.add(after)}::uuid order by person_id, recorded_at desc) m
       cross join lateral (select id, merged_into, fields from person t where t.workspace_id = ${ws} and t.id = m.person_id offset 0) n
       cross join lateral (select id, account_id from person t where t.workspace_id = ${ws} and t.id = coalesce(n.merged_into, n.id) offset 0) e
       where e.account_id is null
         and exists (select 1 from account a where a.workspace_id = ${ws} and a.changed_at > m.recorded_at)
       order by m.person_id limit ${AT_ONCE}`,
      params.values,
    ),
  );
}

/** @returns null where the matcher finds what it found before */
async function askAgain(tx: Tx, ctx: Context, waiting: Waiting, reader: EntityReader, index: IdentityIndex): Promise<Decided | null> {
  const said = (field: string) => (typeof waiting.fields[field] === 'string' ? { [field]: waiting.fields[field] } : {});
  const { company_domain: website, ...rest }: Record<string, string | undefined> = Object.assign(
    {},
    ...['email', 'company', 'company_domain', 'phone', 'city', 'postal_code', 'country'].map(said),
  );
  const lead = reader.lead({ ...rest, ...(website !== undefined && { website }) });
  const { ruledOut } = await leadVerdicts(tx, ctx, waiting.entity);
  const matched = await matchAccount(tx, ctx, { lead, company: rest.company ?? '', reader, index, ruledOut });
  if (matched.decision === waiting.decision && matched.entity === waiting.account) return null;
  return { ...waiting, matched, heeded: [...ruledOut.values()].map(({ decision }) => decision) };
}

/** @returns how many belong to an account now */
function keep(ctx: Context, decided: readonly Decided[]): Promise<number> {
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    let placed = 0;
    const merged = await anyMerged(tx, ctx);
    for (const { node, decidedAt, matched, heeded } of decided) {
      // who came in again meanwhile was asked about then
      const [latest] = await keptMatches(tx, ctx, [node]);
      if (latest?.decidedAt !== decidedAt) continue;
      await keepLeadMatch(tx, ctx, node, matched, { recordedAt, heeded });
      await noteLeadReview(tx, ctx, node, matched, recordedAt);
      if (matched.decision !== 'match' || matched.node === null) continue;
      await placeMatched(tx, ctx, { person: node, account: matched.node, recordedAt, merged });
      placed += 1;
    }
    await audit(tx, ctx, 'stitch_records', `${placed} of ${decided.length} leads found their account`);
    return placed;
  });
}
