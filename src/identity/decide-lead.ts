import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { placeDecided } from '../records/place-decided.ts';
import { appendDecisions, type NewDecision } from './append-decisions.ts';
import type { LeadVerdict } from './core/lead-verdict.ts';
import type { Decider } from './decision.ts';
import { heldApart } from './held-apart-error.ts';
import { leadVerdicts } from './lead-verdicts.ts';
import { loadNodes } from './load-nodes.ts';
import { saysMore } from './tell-decision.ts';

export interface DecidedLead {
  /** The decision, or the one in force that says the same. */
  decision: string;
  /** Decisions that it took back. */
  withdrew: string[];
  /** The account that the lead is of from now on; null unless that was decided. */
  entity: string | null;
}

/**
 * Notes that a lead is of an account, is not, or is of a company that is related to it. The lead counts for the account at once, or no
 * longer; memberships stay as sources and matchers gave them, so that a withdrawal brings back what was. Of two accounts the later one
 * counts, and the earlier decision is taken back.
 * @param lead nodes of a person and of an account
 * @throws SamepageError `not_found`; `conflict` where a person ruled out what now is said to match
 */
export async function decideLead(
  ctx: Context,
  { person, account, verb, decider }: { person: string; account: string; verb: LeadVerdict['verb']; decider: Decider },
): Promise<DecidedLead> {
  requireScope(ctx, 'write');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const entity = await entityOf(tx, ctx, 'account', account);
    const { all } = await leadVerdicts(tx, ctx, await entityOf(tx, ctx, 'person', person));
    const ofBoth = all.filter((one) => one.account.id === entity);
    const ruledOut = ofBoth.findLast((one) => one.verb !== 'must_link');
    if (verb === 'must_link' && ruledOut !== undefined) throw heldApart('lead', ruledOut);
    const overtaken = verb === 'must_link' ? all.filter((one) => one.verb === verb && one.account.id !== entity) : [];
    const contrary = verb === 'must_link' ? [] : ofBoth.filter((one) => one.verb === 'must_link');
    const same = ofBoth.findLast((one) => one.verb === verb);
    // who gives a reason that is not noted says it anew
    const inForce = same === undefined || saysMore(decider, { decidedBy: 'person', evidence: { reason: same.reason } }) ? undefined : same;
    const withdrew = [...overtaken, ...contrary, ...(inForce === undefined && same !== undefined ? [same] : [])];
    const answer = { withdrew: withdrew.map(({ decision }) => decision), entity: verb === 'must_link' ? entity : null };
    if (inForce !== undefined && withdrew.length === 0) return { decision: inForce.decision, ...answer };
    const withdrawals = withdrew.map(
      (one): NewDecision => ({ verb: 'withdrawn', decider, sides: [[one.person], [one.node]], undoes: one.decision }),
    );
    const said: NewDecision[] = inForce === undefined ? [{ verb, decider, sides: [[person], [account]] }] : [];
    const ids = await appendDecisions(tx, ctx, 'lead', [...withdrawals, ...said], recordedAt);
    await placeDecided(tx, ctx, [person], recordedAt);
    const decision = inForce?.decision ?? ids.at(-1) ?? '';
    await audit(tx, ctx, 'decide_match', `lead ${verb}, decision ${decision}`);
    return { decision, ...answer };
  });
}

async function entityOf(tx: Tx, ctx: Context, kind: 'person' | 'account', node: string): Promise<string> {
  const nodes = await loadNodes(tx, ctx, kind, [node]);
  return nodes.find(({ id }) => id === node)?.entityId ?? node;
}
