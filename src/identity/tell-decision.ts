import { isObject } from '../kernel/json.ts';
import type { MergeHold } from '../records/core/identity-groups.ts';
import type { Decider } from './decision.ts';
import type { LoggedDecision } from './read-decisions.ts';

const OF_LEADS: Readonly<Record<string, string>> = {
  must_link: 'put into the account',
  cannot_link: 'kept out of the account',
  related: 'said to be of a related company',
};

const OF_TWO: Readonly<Record<string, string>> = {
  must_link: 'said to be one',
  cannot_link: 'said not to be one',
  related: 'said to be related',
};

/**
 * Who decided what, and when; without the reason, which is somebody's own words.
 * @param hold of a merge: what is left of it
 */
export function decisionSentence({ kind, verb, decidedBy, model, recordedAt, undoneBy }: LoggedDecision, hold?: MergeHold): string {
  const by = decidedBy === 'person' ? 'a person' : `the model ${model ?? ''}`.trim();
  const what = (kind === 'lead' ? OF_LEADS : OF_TWO)[verb] ?? verb;
  const isSplit = verb === 'merged' && hold !== undefined && hold.splitBy.length > 0;
  const since =
    undoneBy !== null ? ', taken back since' : !isSplit ? '' : hold.groups.length === 0 ? ', split since' : ', split in part since';
  return `${what} by ${by} on ${recordedAt.toISOString().slice(0, 10)}${since}`;
}

/** Whether a decision says anything still. @param hold of a merge: what is left of it */
export function isInForce({ verb, undoneBy }: LoggedDecision, hold?: MergeHold): boolean {
  return undoneBy === null && (verb !== 'merged' || hold?.groups.length !== 0);
}

/** Why a decision was made: a person's reason, or the sentence of the model's strongest evidence; null where neither is noted. */
export function reasonOf({ evidence }: { evidence?: unknown }): string | null {
  if (!isObject(evidence)) return null;
  if (typeof evidence.reason === 'string') return evidence.reason;
  return typeof evidence.sentence === 'string' ? evidence.sentence : null;
}

/** Whether it says more than a decision in force that says the same: a person's word to a model's, or a reason that is not noted. */
export function saysMore(decider: Decider, inForce: Pick<LoggedDecision, 'decidedBy' | 'evidence'>): boolean {
  if (decider.by === 'model') return false;
  const reason = reasonOf(decider);
  return inForce.decidedBy === 'model' || (reason !== null && reason !== reasonOf(inForce));
}
