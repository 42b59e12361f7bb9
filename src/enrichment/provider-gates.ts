import { ConsecutiveBreaker, circuitBreaker, handleWhenResult, type IPolicy, noop } from 'cockatiel';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Context } from '../kernel/context.ts';
import type { Database } from '../kernel/database.ts';
import type { Provider } from './core/compile-provider.ts';
import type { StepsAnswer } from './run-steps.ts';

/** After so many calls in a row without an answer a provider is left alone for a while. */
const FAILURES = 5;
export const REST_MS = 30_000;

/** What the calls of this process to one provider share: how many are out at once, and whether it is left alone. */
export interface Gate {
  places: LimitFunction;
  breaker: IPolicy;
}

const gates = new WeakMap<Database, Map<string, Gate>>();

/** The gate of a provider for a workspace. It outlives the description, which is read anew: a breaker stays open, and what is out counts. */
export function gateOf({ db, workspaceId }: Context, { offer: { id, limits }, steps }: Pick<Provider, 'offer' | 'steps'>): Gate {
  const held = gates.get(db) ?? new Map<string, Gate>();
  gates.set(db, held);
  const name = `${workspaceId} ${id}`;
  // the pages of many companies are not one vendor: that some of them are gone says nothing of the next
  const isOneVendor = !steps.some(({ step }) => step.page !== undefined);
  const gate = held.get(name) ?? { places: pLimit(limits.atOnce), breaker: isOneVendor ? newBreaker() : noop };
  held.set(name, gate);
  if (gate.places.concurrency !== limits.atOnce) gate.places.concurrency = limits.atOnce;
  return gate;
}

function newBreaker(): IPolicy {
  // no answer, as opposed to one that we do not like
  const silence = handleWhenResult((answer) => (answer as StepsAnswer).isSilent === true);
  return circuitBreaker(silence, { halfOpenAfter: REST_MS, breaker: new ConsecutiveBreaker(FAILURES) });
}
