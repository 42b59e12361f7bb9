import { canonicalJson, sha256 } from '../../kernel/canonical-json.ts';
import type { ProviderOffer, Subject } from './provider.ts';

/** What has a ceiling, in the order in which their rows are locked. */
export const SCOPES = ['day', 'record', 'run', 'workspace'] as const;
export type Scope = (typeof SCOPES)[number];
/** In micros; left out: none. */
export type Ceilings = Partial<Record<Scope, number>>;

/** A request about to go out. */
export interface PlannedCall {
  id: string;
  runId: string;
  kind: Subject;
  entityId: string;
  provider: string;
  key: string;
  fields: readonly string[];
  reservedMicros: number;
  /** Of its process: after so long without a word the call counts as unknown. */
  staleMs: number;
}

/** The row of each scope that a call counts for. */
export function scopeNames(call: Pick<PlannedCall, 'runId' | 'entityId'>, day: number): Record<Scope, string> {
  return { day: String(day), record: `${call.runId} ${call.entityId}`, run: call.runId, workspace: '' };
}

export interface Balance {
  heldMicros: number;
  chargedMicros: number;
}

/** The first scope whose ceiling an amount would pass, if any: what is held counts as if it were spent. */
export function passedCeiling(ceilings: Ceilings, balances: Readonly<Record<Scope, Balance>>, micros: number): Scope | undefined {
  return SCOPES.find((scope) => {
    const ceiling = ceilings[scope];
    return ceiling !== undefined && balances[scope].heldMicros + balances[scope].chargedMicros + micros > ceiling;
  });
}

/**
 * The inputs that tell what is asked about: those of the first set that is complete. Knowing more of a record later does not make
 * it another question.
 */
function askedWith(offer: ProviderOffer, inputs: Readonly<Record<string, string>>): Record<string, string> | undefined {
  if (offer.inputs.length === 0) return {};
  const set = offer.inputs.find((fields) => fields.every((field) => (inputs[field] ?? '') !== ''));
  return set === undefined ? undefined : Object.fromEntries(set.map((field) => [field, plain(inputs[field] ?? '')]));
}

/** What a question is known by, in the ledger and the cache; undefined while a provider cannot be asked. */
export function callKey(offer: ProviderOffer, inputs: Readonly<Record<string, string>>): string | undefined {
  const asked = askedWith(offer, inputs);
  return asked === undefined ? undefined : sha256(canonicalJson([offer.id, offer.version, offer.subject, asked]));
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
