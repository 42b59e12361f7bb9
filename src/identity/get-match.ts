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
import type { LoggedDecision } from './read-decisions.ts';
import { type SuppressedIdentifier, suppressedOf } from './suppressed-of.ts';
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
  /** Its identifiers that tell nobody apart. */
  suppressed: SuppressedIdentifier[];
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
    const suppressed = await suppressedOf(tx, ctx, kind, ids);
    const told = { kind, identity, suppressed, sentence: identitySentence(kind, identity) };
    if (kind === 'account') return { ...told, account: null, leadMatch: null };
    const verdicts = await leadVerdicts(tx, ctx, identity.entity);
    const account = await placeOf(tx, ctx, identity.entity, verdicts);
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

/**
 * The account of a person: what was decided, else of the memberships of all its nodes the one that counts, as `placesSql` has it.
 * @param entity its id
 */
export async function placeOf(tx: Tx, ctx: Context, entity: string, { belongs, ruledOut }: LeadVerdicts): Promise<PlacedWith | null> {
  if (belongs !== null) return { ...belongs.account, evidence: 'decision', since: belongs.decidedAt, why: 'a person decided so' };
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const id = `${params.add(entity)}::uuid`;
  const node = 'select p.id, p.created_at, coalesce(p.own_domain, p.domain) as mail_domain from person p where p.workspace_id =';
  const [row] = placeRows.parse(
    await tx.query(
      `select a.id::text, a.name, a.domain, m.evidence, m.believed_from as since, n.mail_domain
       from (${node} ${ws} and p.id = ${id} union all ${node} ${ws} and p.merged_into = ${id}) n
       cross join lateral (
         select pa.account_id, pa.evidence, pa.believed_from from person_account pa
         where pa.workspace_id = ${ws} and pa.person_id = n.id and pa.believed_to is null offset 0) m
       cross join lateral (
         select coalesce(x.merged_into, x.id) as id from account x where x.workspace_id = ${ws} and x.id = m.account_id offset 0) e
       cross join lateral (
         select t.id, t.name, t.domain from account t where t.workspace_id = ${ws} and t.id = e.id offset 0) a
       where a.id <> all(${params.uuids([...ruledOut.keys()])})
       order by ${strongestFirst('m')}, m.believed_from desc, n.created_at, n.id limit 1`,
      params.values,
      { prepare: true },
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

function identitySentence(kind: IdentityKind, { nodes, decisions, beliefs, held }: IdentityView): string {
  const names = nodes.reduce((sum, { sources }) => sum + sources.length, 0);
  const seen = `${names} ${names === 1 ? 'record' : 'records'} of sources`;
  if (nodes.length === 1) {
    const left = beliefs.length > 0 ? ' It counted as another before.' : '';
    return `One ${kind}, with ${seen}; nothing is merged into it.${left}`;
  }
  const here = new Set(nodes.map(({ id }) => id));
  const why = decisions.filter(({ id, kind: of, verb, undoneBy }) =>
    verb === 'merged' || verb === 'unmerged'
      ? held.get(id)?.groups.some(([node = '']) => here.has(node)) === true
      : of === kind && verb === 'must_link' && undoneBy === null,
  );
  return `${nodes.length} ids count as one ${kind}, with ${seen}: ${why.map(holdSentence).join('; ')}.`;
}

function holdSentence(decision: LoggedDecision): string {
  return decision.verb === 'unmerged' ? `left together as others were ${decisionSentence(decision)}` : decisionSentence(decision);
}
