import { SamepageError, shown } from '../kernel/errors.ts';
import type { DecisionKind } from './decision.ts';

/** A decision of a person that two are not one. */
export interface StandingApart {
  decision: string;
  verb: string;
  decidedAt: string;
  reason: string | null;
  /** Through whom, where that is known. */
  actor?: string;
}

/** The refusal of a match that a person's earlier decision stands against. */
export function heldApart(kind: DecisionKind, { decision, verb, decidedAt, reason, actor }: StandingApart): SamepageError {
  const because = reason === null ? '' : `, because "${shown(reason)}"`;
  const through = actor === undefined ? '' : `, through ${shown(actor)}`;
  return new SamepageError(
    'conflict',
    `On ${decidedAt.slice(0, 10)} a person decided ${saidOf(kind, verb)}${because} (decision ${decision}${through}).`,
    'Leave them apart; or, when that was wrong, call decide_match with verdict withdraw and this decision, then match.',
    { problems: [{ path: 'records', value: decision, reason: `are held apart by a decision "${verb}" of a person` }] },
  );
}

function saidOf(kind: DecisionKind, verb: string): string {
  if (kind === 'lead')
    return verb === 'related' ? 'that the account is only related to the lead’s company' : 'that the lead is not of this account';
  return verb === 'related' ? `that these ${kind}s are related and stay two` : `that these are not one ${kind}`;
}
