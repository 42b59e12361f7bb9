import { isObject } from '../kernel/json.ts';
import type { LoggedDecision } from './read-decisions.ts';

const OF_LEADS: Readonly<Record<string, string>> = {
  must_link: 'put into the account',
  cannot_link: 'kept out of the account',
  related: 'said to be of a related company',
};

/** Who decided what, and when; without the reason, which is somebody's own words. */
export function decisionSentence({ kind, verb, decidedBy, model, recordedAt, undoneBy }: LoggedDecision): string {
  const by = decidedBy === 'person' ? 'a person' : `the model ${model ?? ''}`.trim();
  const what = (kind === 'lead' ? OF_LEADS[verb] : undefined) ?? verb.replace('_', ' ');
  return `${what} by ${by} on ${recordedAt.toISOString().slice(0, 10)}${undoneBy === null ? '' : ', taken back since'}`;
}

/** Why a decision was made: a person's reason, or the sentence of the model's strongest evidence; null where neither is noted. */
export function reasonOf({ evidence }: LoggedDecision): string | null {
  if (!isObject(evidence)) return null;
  if (typeof evidence.reason === 'string') return evidence.reason;
  return typeof evidence.sentence === 'string' ? evidence.sentence : null;
}
