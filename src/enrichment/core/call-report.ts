import type { ProviderAnswer, Subject } from './provider.ts';

/** A call of a run, as it is told of. */
export interface CallReport {
  callId: string;
  provider: string;
  /** What came of it; `pending` is still on its way, `cached` was known, the others were not sent. */
  outcome: ProviderAnswer['outcome'] | 'pending' | 'waiting' | 'cached' | 'busy' | 'unknown_before' | 'over_ceiling';
  costMicros: number;
  latencyMs: number | null;
  /** Why, in our own words, where it is no answer. */
  reason?: string;
}

export interface RunSubject {
  runId: string;
  kind: Subject;
  entityId: string;
}
