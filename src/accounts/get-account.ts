import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import { readFindings } from '../enrichment/findings.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso } from '../kernel/dates.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { arrayText } from '../kernel/sql-params.ts';
import { accountName, findAccount } from '../records/find-account.ts';
import { groupsAround } from '../records/load-aliases.ts';
import { type ScoreView, scoreView } from '../scoring/get-score.ts';
import { type Engagement, readEngagement } from './read-engagement.ts';
import { readFacts } from './read-facts.ts';
import { type Opportunities, readOpportunities } from './read-opportunities.ts';
import { type People, readPeople } from './read-people.ts';
import { readSignals, type Signals } from './read-signals.ts';
import { type UndecidedField, type WeighedFact, withFindings } from './with-findings.ts';

export const getAccountInput = z.strictObject({
  account: accountName,
  /** More of each list. */
  detailed: z.boolean().default(false),
});

export interface AccountView {
  account: {
    id: string;
    name: string | null;
    domain: string | null;
    domains: string[];
    created_at: string;
    changed_at: string;
    /** The alias that was named. */
    answers_for?: string;
    /** Ids that were merged into it. */
    aliases?: string[];
  };
  /** Computed now, from what is known. */
  score: ScoreView;
  facts: { total: number; shown: WeighedFact[] };
  /** Fields without a fact, for what providers say of them contradicts itself. */
  undecided: UndecidedField[];
  people: People;
  engagement: Engagement;
  signals: Signals;
  opportunities: Opportunities;
}

const LIMITS = {
  concise: { facts: 30, people: 5, weeks: 4, signals: 5, opportunities: 3 },
  detailed: { facts: 200, people: 25, weeks: 12, signals: 25, opportunities: 10 },
};

/**
 * The whole view of one account, by id, domain or exact name, in one snapshot: what is known and from whom, its people,
 * engagement, signals, opportunities and score.
 * @throws SamepageError `not_found`, or `ambiguous` with the candidates.
 */
export async function getAccount(ctx: Context, given: z.input<typeof getAccountInput>): Promise<AccountView> {
  requireScope(ctx, 'read');
  const input = parseInput(getAccountInput, given, 'get_account');
  const limits = input.detailed ? LIMITS.detailed : LIMITS.concise;
  return readWorkspace(ctx, async (tx) => {
    const found = await findAccount(tx, ctx, input.account);
    const { id, name, domain } = found;
    const score = await scoreView(tx, ctx, 'account', { id, name, key: domain });
    const taxonomy = score.taxonomy.document;
    // one day for all of the view
    const today = dayFromIso(score.receipt.as_of);
    const engaging = taxonomy.event_types.filter((type) => type.class === 'engagement').map((type) => type.id);
    const signalling = new Map(taxonomy.event_types.filter((type) => type.class === 'signal').map((type) => [type.id, type.label]));
    const nodes = (await groupsAround(tx, ctx, 'account', [id])).get(id) ?? [id];
    const known = await readFacts(tx, ctx, { kind: 'account', nodes }, taxonomy, today);
    const { facts, undecided } = withFindings(known, await readFindings(tx, ctx, nodes), taxonomy);
    return {
      account: { ...found, ...(nodes.length > 1 && { aliases: nodes.slice(1) }), ...(await readHead(tx, ctx, id, nodes)) },
      score,
      facts: { total: facts.length, shown: facts.slice(0, limits.facts) },
      undecided: undecided.slice(0, limits.facts),
      people: await readPeople(tx, ctx, id, today, engaging, limits.people),
      engagement: await readEngagement(tx, ctx, id, today, engaging, limits.weeks),
      signals: await readSignals(tx, ctx, id, today, signalling, limits.signals),
      opportunities: await readOpportunities(tx, ctx, id, limits.opportunities),
    };
  });
}

const headSchema = z.array(z.object({ created_at: z.coerce.date(), changed_at: z.coerce.date(), domains: z.array(z.string()) })).length(1);

async function readHead(
  tx: Tx,
  ctx: Context,
  id: string,
  nodes: readonly string[],
): Promise<{ domains: string[]; created_at: string; changed_at: string }> {
  const [row] = headSchema.parse(
    await tx.query(
      `select a.created_at, a.changed_at, coalesce((select jsonb_agg(d.domain order by d.domain) from account_domain d
         where d.workspace_id = $1 and d.account_id = any($3::uuid[]) and d.believed_to is null), '[]') as domains
       from account a where a.workspace_id = $1 and a.id = $2::uuid`,
      [ctx.workspaceId, id, arrayText(nodes)],
    ),
  );
  if (row === undefined) throw new Error('the account was found and has no row');
  return { domains: row.domains, created_at: row.created_at.toISOString(), changed_at: row.changed_at.toISOString() };
}
