import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { strongestFirst } from '../records/core/belief-sql.ts';
import { EVIDENCE, type Evidence } from '../records/core/membership.ts';
import type { LeadVerdicts } from './core/lead-verdict.ts';
import { type IdentityKind, identityKind } from './decision.ts';
import { type IdentityView, identityView } from './get-identity.ts';
import { keptMatches, type LeadMatch, matchInForce } from './lead-matches.ts';
import { leadVerdicts } from './lead-verdicts.ts';
import { decisionSentence } from './tell-decision.ts';

export const getMatchInput = z.strictObject({
  kind: identityKind.default('person'),
  record: z.string().trim().min(1).max(300).describe('id, e-mail, domain or exact name'),
});

/** The account of a person, and why it is that one. */
export interface PlacedWith {
  id: string;
  name: string | null;
  domain: string | null;
  /**
   * `decision`: a person said so. `record`: a source names the account. `domain`: the e-mail's registrable domain is the account's. `match`:
   * found as the lead came in.
   */
  evidence: Evidence | 'decision';
  since: string;
  why: string;
}

export interface MatchView {
  kind: IdentityKind;
  identity: IdentityView;
  /** Null for an account, and for a person without one. */
  account: PlacedWith | null;
  /** Of a person: what was decided about the account as a lead came in; null where none did. */
  leadMatch: LeadMatch | null;
  sentence: string;
}

/**
 * Who a record is: what counts as it, by which decisions and since when; for a person also the account, and why that one.
 * @throws SamepageError `not_found`, `ambiguous`
 */
export async function getMatch(ctx: Context, given: z.input<typeof getMatchInput>): Promise<MatchView> {
  requireScope(ctx, 'read');
  const { kind, record } = parseInput(getMatchInput, given, 'get_match');
  return readWorkspace(ctx, async (tx) => {
    const identity = await identityView(tx, ctx, kind, record);
    const ids = identity.nodes.map(({ id }) => id);
    const told = { kind, identity, sentence: identitySentence(kind, identity) };
    if (kind === 'account') return { ...told, account: null, leadMatch: null };
    const verdicts = await leadVerdicts(tx, ctx, identity.entity);
    const account = await placeOf(tx, ctx, ids, verdicts);
    return { ...told, account, leadMatch: matchInForce(await keptMatches(tx, ctx, ids), verdicts) };
  });
}

const placeRows = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    domain: z.string().nullable(),
    evidence: z.enum(EVIDENCE),
    since: z.coerce.date(),
    mail_domain: z.string().nullable(),
  }),
);

/** The account of a person: what was decided, else of the memberships of all its nodes the one that counts, as `placesSql` has it. */
export async function placeOf(
  tx: Tx,
  ctx: Context,
  nodes: readonly string[],
  { belongs, ruledOut }: LeadVerdicts,
): Promise<PlacedWith | null> {
  if (belongs !== null) return { ...belongs.account, evidence: 'decision', since: belongs.decidedAt, why: 'a person decided so' };
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const [row] = placeRows.parse(
    await tx.query(
      `select a.id::text, a.name, a.domain, pa.evidence, pa.believed_from as since, coalesce(p.own_domain, p.domain) as mail_domain
       from person_account pa
       join person p on p.workspace_id = ${ws} and p.id = pa.person_id
       join account n on n.workspace_id = ${ws} and n.id = pa.account_id
       join account a on a.workspace_id = ${ws} and a.id = coalesce(n.merged_into, n.id)
       where pa.workspace_id = ${ws} and pa.person_id = any(${params.uuids(nodes)}) and pa.believed_to is null
         and a.id <> all(${params.uuids([...ruledOut.keys()])})
       order by ${strongestFirst('pa')}, pa.believed_from desc, p.created_at, p.id limit 1`,
      params.values,
    ),
  );
  if (row === undefined) return null;
  const { since, mail_domain, ...account } = row;
  const why = {
    record: 'a source’s record names the account',
    domain: `the domain of the e-mail address, ${mail_domain ?? ''}, is the account’s`,
    match: 'it was found by what the lead said as it came in',
  }[row.evidence];
  return { ...account, since: since.toISOString(), why };
}

function identitySentence(kind: IdentityKind, { nodes, decisions, beliefs }: IdentityView): string {
  const names = nodes.reduce((sum, { sources }) => sum + sources.length, 0);
  const seen = `${names} ${names === 1 ? 'record' : 'records'} of sources`;
  if (nodes.length === 1) {
    const left = beliefs.length > 0 ? ' It counted as another before.' : '';
    return `One ${kind}, with ${seen}; nothing is merged into it.${left}`;
  }
  const merges = decisions.filter(({ verb, undoneBy }) => verb === 'merged' && undoneBy === null);
  return `${nodes.length} ids count as one ${kind}, with ${seen}: ${merges.map(decisionSentence).join('; ')}.`;
}
